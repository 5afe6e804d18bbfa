import { batched, patches, same, third, turned } from '../forms'
import { gridPositions } from '../positions'
import type { VitShape } from '../shape'
import { blocks, linear, norm, numberAfter, type Names, type Row } from './row'

const inBlocks = 'blocks.'

/** Tensors of timm's ViT; query, key and value lie in one. @param classToken as in `vitNames` */
export function timmNames({ depth, patch, channels }: VitShape, classToken: boolean): Names {
  return {
    rows: [
      ...(classToken ? [{ ours: 'token', theirs: 'cls_token', form: batched(same) }] : []),
      { ours: 'positions', theirs: 'pos_embed', form: batched(gridPositions(classToken, 'timm')) },
      { ours: 'embed/weights', theirs: 'patch_embed.proj.weight', form: patches(patch, channels) },
      { ours: 'embed/bias', theirs: 'patch_embed.proj.bias', form: same },
      ...blocks(depth, blockRows),
      ...norm('norm', 'norm'),
      ...linear('head', 'head'),
    ],
    plain: (stored) => stored,
    block: (plain) => numberAfter(inBlocks, plain),
    spare: (plain) => /^(head\.|cls_token$)/.test(plain),
    full: (plain) => plain,
  }
}

function blockRows(index: number): Row[] {
  const [ours, theirs] = [`block${index}`, `${inBlocks}${index}`]
  return [
    ...norm(`${ours}/norm1`, `${theirs}.norm1`),
    ...['query', 'key', 'value'].flatMap((part, i): Row[] => [
      { ours: `${ours}/attention/${part}/weights`, theirs: `${theirs}.attn.qkv.weight`, form: third(i, turned) },
      { ours: `${ours}/attention/${part}/bias`, theirs: `${theirs}.attn.qkv.bias`, form: third(i, same) },
    ]),
    ...linear(`${ours}/attention/output`, `${theirs}.attn.proj`),
    ...norm(`${ours}/norm2`, `${theirs}.norm2`),
    ...linear(`${ours}/mlp/in`, `${theirs}.mlp.fc1`),
    ...linear(`${ours}/mlp/out`, `${theirs}.mlp.fc2`),
  ]
}
