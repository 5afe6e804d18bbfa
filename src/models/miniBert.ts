import { choice, integer, number } from '../core/knob'
import { model, type Trunk } from '../core/model'
import { Problem } from '../core/problem'
import {
  attention,
  blockTensors,
  linear,
  linearTensors,
  norm,
  normTensors,
  requireHeads,
  tableTensor,
  tensor,
} from './blocks'
import { mixture, mixtureKnobs, mixtureTensors } from './mixture'

const epsilon = 1e-12

const knobs = {
  width: integer('Width', 64, [8, 768], { step: 8, help: 'Length of a token vector.' }),
  depth: integer('Depth', 2, [1, 12], { unit: 'blocks', help: 'Number of transformer blocks.' }),
  heads: integer('Heads', 4, [1, 12], { help: 'Attention heads. Their number must divide the width.' }),
  ratio: integer('MLP ratio', 4, [1, 8], { help: 'Width of the MLP, in widths of a token.' }),
  pool: choice(
    'Pooling',
    'class',
    { class: '[CLS] token', mean: 'Mean of tokens' },
    { help: 'What the pooler reads. The mean leaves padding out.' },
  ),
  deviation: number('Initial deviation', 0.02, [0.001, 0.5], {
    scale: 'log',
    help: 'Standard deviation of initial matrices and embeddings. BERT uses 0.02.',
  }),
  ...mixtureKnobs,
}

/** Embeddings and blocks, and what the classifier reads. */
const trunk: Trunk<typeof knobs> = {
  embed: (nn, params, ids) => nn.embedding(tensor(params, 'embed/tokens'), ids),
  encode(nn, params, tokens, ids, v, spec) {
    const table = tensor(params, 'embed/segments')
    const positions = tensor(params, 'embed/positions')
    let x =
      spec.task === 'text' && spec.pairs
        ? tokens.add(nn.embedding(table, nn.segments(ids))).add(positions)
        : // One sentence an example: every token is of segment 0, so the segment table is added as its first row.
          tokens.add(positions.add(table.slice([0, 0], [1, v.width])))
    x = nn.dropout(norm(nn, params, 'embed/norm', x, epsilon), 0)
    for (let i = 0; i < v.depth; i++) {
      const name = `block${i}`
      x = norm(
        nn,
        params,
        `${name}/norm1`,
        attention(nn, params, name, x, v.heads, { dropout: 2 * i + 1, residual: x }, ids),
        epsilon,
      )
      x = norm(
        nn,
        params,
        `${name}/norm2`,
        mixture(nn, params, name, x, v, { dropout: 2 * i + 2, residual: x }, ids),
        epsilon,
      )
    }
    return x
  },
  pool(nn, params, x, ids, v) {
    const [batch = 1, length = 1] = ids.shape
    const first = () => x.slice([0, 0, 0], [batch, 1, v.width]).reshape([batch, v.width])
    const mean = () => {
      const real = ids.notEqual(0).toFloat().reshape([batch, length, 1])
      return x.mul(real).sum(1).div(real.sum(1).maximum(1))
    }
    return nn.tanh(linear(nn, params, 'pooler', v.pool === 'class' ? first() : mean()))
  },
  above: ['pooler', 'head'],
}

/** The BERT encoder with its pooler: token, position and segment embeddings, post-norm blocks. `mini` is BERT-mini. */
export const miniBert = model({
  label: 'BERT',
  cite: 'Devlin et al., arXiv:1810.04805; BERT-mini as in Turc et al., arXiv:1908.08962',
  task: 'text',
  knobs,
  sizes: {
    nano: { width: 64, depth: 2, heads: 4, ratio: 4 },
    mini: { width: 256, depth: 4, heads: 4, ratio: 4 },
  },
  tensors(v, input) {
    if (input.task !== 'text')
      throw new Problem(
        'BERT reads text, and this data set holds images.',
        'Choose the model ViT, or a text data set.',
        { about: 'model' },
      )
    requireHeads(v.width, v.heads)
    const init = { kind: 'normal', deviation: v.deviation } as const
    const blocks = Array.from({ length: v.depth }, (_, i) =>
      blockTensors(`block${i}`, v, init, mixtureTensors(`block${i}`, v, v, init)),
    ).flat()
    return [
      ...blocks,
      tableTensor('embed/tokens', input.vocabulary, v.width, v.deviation),
      tableTensor('embed/positions', input.length, v.width, v.deviation),
      tableTensor('embed/segments', 2, v.width, v.deviation),
      ...normTensors('embed/norm', v.width),
      ...linearTensors('pooler', v.width, v.width, false, init),
      ...linearTensors('head', v.width, input.classes, false, init),
    ]
  },
  forward(nn, params, ids, v, spec) {
    const encoded = trunk.encode(nn, params, trunk.embed(nn, params, ids, v), ids, v, spec)
    return linear(nn, params, 'head', nn.dropout(trunk.pool(nn, params, encoded, ids, v), 2 * v.depth + 1))
  },
  trunk,
})
