import { batched, patches, same } from '../forms'
import { gridPositions } from '../positions'
import type { VitShape } from '../shape'
import { blocks, linear, norm, numberAfter, type Names, type Row } from './row'

const inBlocks = 'encoder.layer.'
/** Heads, a class token that is not asked for, and what models that were trained on masked patches have. */
const others = /^(classifier|pooler|decoder)\.|^embeddings\.(mask|cls)_token$/

/** Tensors of transformers' ViT. @param classToken whether the model here has one; the mean of tokens needs none */
export function vitNames(
  { depth, patch, channels }: Pick<VitShape, 'depth' | 'patch' | 'channels'>,
  classToken: boolean,
): Names {
  return {
    rows: [
      ...(classToken ? [{ ours: 'token', theirs: 'embeddings.cls_token', form: batched(same) }] : []),
      {
        ours: 'positions',
        theirs: 'embeddings.position_embeddings',
        form: batched(gridPositions(classToken, 'transformers')),
      },
      {
        ours: 'embed/weights',
        theirs: 'embeddings.patch_embeddings.projection.weight',
        form: patches(patch, channels),
      },
      { ours: 'embed/bias', theirs: 'embeddings.patch_embeddings.projection.bias', form: same },
      ...blocks(depth, blockRows),
      ...norm('norm', 'layernorm'),
      ...linear('head', 'classifier'),
    ],
    plain: (stored) => stored.replace(/^vit\./, ''),
    block: (plain) => numberAfter(inBlocks, plain),
    spare: (plain) => others.test(plain),
    full: (plain) => (plain.startsWith('classifier.') ? plain : `vit.${plain}`),
  }
}

function blockRows(index: number): Row[] {
  const [ours, theirs] = [`block${index}`, `${inBlocks}${index}`]
  return [
    ...norm(`${ours}/norm1`, `${theirs}.layernorm_before`),
    ...linear(`${ours}/attention/query`, `${theirs}.attention.attention.query`),
    ...linear(`${ours}/attention/key`, `${theirs}.attention.attention.key`),
    ...linear(`${ours}/attention/value`, `${theirs}.attention.attention.value`),
    ...linear(`${ours}/attention/output`, `${theirs}.attention.output.dense`),
    ...norm(`${ours}/norm2`, `${theirs}.layernorm_after`),
    ...linear(`${ours}/mlp/in`, `${theirs}.intermediate.dense`),
    ...linear(`${ours}/mlp/out`, `${theirs}.output.dense`),
  ]
}
