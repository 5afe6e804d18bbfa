import { firstRows, gathered, same } from '../forms'
import type { BertShape } from '../shape'
import { blocks, linear, norm, numberAfter, type Names, type Row } from './row'

const inBlocks = 'encoder.layer.'
/** Heads of other tasks, and a buffer that older versions saved. */
const others = /^(cls|qa_outputs|classifier|pooler)\.|^embeddings\.position_ids$/

/**
 * Tensors of transformers' BERT. @param tokens row of its token table for each id here; its own order where left out
 */
export function bertNames({ depth }: Pick<BertShape, 'depth'>, tokens?: Int32Array): Names {
  return {
    rows: [
      {
        ours: 'embed/tokens',
        theirs: 'embeddings.word_embeddings.weight',
        form: tokens ? gathered(tokens) : same,
      },
      { ours: 'embed/positions', theirs: 'embeddings.position_embeddings.weight', form: firstRows },
      { ours: 'embed/segments', theirs: 'embeddings.token_type_embeddings.weight', form: same },
      ...norm('embed/norm', 'embeddings.LayerNorm'),
      ...blocks(depth, blockRows),
      ...linear('pooler', 'pooler.dense'),
      ...linear('head', 'classifier'),
    ],
    plain: (stored) =>
      stored
        .replace(/^bert\./, '')
        // As the first files, made from TensorFlow's, have them.
        .replace(/LayerNorm\.gamma$/, 'LayerNorm.weight')
        .replace(/LayerNorm\.beta$/, 'LayerNorm.bias'),
    block: (plain) => numberAfter(inBlocks, plain),
    spare: (plain) => others.test(plain),
    full: (plain) => (plain.startsWith('classifier.') ? plain : `bert.${plain}`),
  }
}

function blockRows(index: number): Row[] {
  const [ours, theirs] = [`block${index}`, `${inBlocks}${index}`]
  return [
    ...linear(`${ours}/attention/query`, `${theirs}.attention.self.query`),
    ...linear(`${ours}/attention/key`, `${theirs}.attention.self.key`),
    ...linear(`${ours}/attention/value`, `${theirs}.attention.self.value`),
    ...linear(`${ours}/attention/output`, `${theirs}.attention.output.dense`),
    ...norm(`${ours}/norm1`, `${theirs}.attention.output.LayerNorm`),
    ...linear(`${ours}/mlp/in`, `${theirs}.intermediate.dense`),
    ...linear(`${ours}/mlp/out`, `${theirs}.output.dense`),
    ...norm(`${ours}/norm2`, `${theirs}.output.LayerNorm`),
  ]
}
