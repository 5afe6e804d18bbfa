import type { Tensor } from '@tensorflow/tfjs'
import { choice, integer, number, type Values } from '../core/knob'
import { model, type Nn, type Trunk } from '../core/model'
import { Problem } from '../core/problem'
import {
  attention,
  blockTensors,
  glorot,
  linear,
  linearTensors,
  norm,
  normTensors,
  requireHeads,
  tableTensor,
  tensor,
} from './blocks'
import { mixture, mixtureKnobs, mixtureTensors } from './mixture'

const epsilon = 1e-6

const knobs = {
  patch: integer('Patch', 4, [1, 32], { unit: 'pixels', help: 'Side of a square patch. It must divide the image.' }),
  side: integer('Image side', 0, [0, 384], {
    unit: 'pixels',
    help: 'Images are scaled to this side on the device, before they are cut into patches. 0 leaves them as they are.',
  }),
  width: integer('Width', 64, [8, 768], { step: 8, help: 'Length of a token vector.' }),
  depth: integer('Depth', 4, [1, 12], { unit: 'blocks', help: 'Number of transformer blocks.' }),
  heads: integer('Heads', 4, [1, 12], { help: 'Attention heads. Their number must divide the width.' }),
  ratio: integer('MLP ratio', 4, [1, 8], { help: 'Width of the MLP, in widths of a token.' }),
  pool: choice(
    'Pooling',
    'mean',
    { class: 'Class token', mean: 'Mean of tokens' },
    { help: 'What the classifier reads.' },
  ),
  positions: number('Position deviation', 0.02, [0.001, 2], {
    scale: 'log',
    help: 'Standard deviation of the initial position table. ViT uses 0.02. Short runs learn faster with 0.5.',
  }),
  ...mixtureKnobs,
}

function patches(nn: Nn, images: Tensor, { patch, side }: Values<typeof knobs>): Tensor {
  return nn.patches(images, patch, side || undefined)
}

/** Patches, positions and blocks, and what the classifier reads. */
const trunk: Trunk<typeof knobs> = {
  embed: (nn, params, images, v) => linear(nn, params, 'embed', patches(nn, images, v)),
  patches,
  encode(nn, params, embedded, _images, v) {
    const positions = tensor(params, 'positions')
    let x = embedded
    if (v.pool === 'class') {
      // The class token is row 0 of a table that is added to the padded patches: tfjs differentiates a broadcast sum in
      // one kernel, a tiled token in one kernel an example.
      const table = tensor(params, 'token').pad([
        [0, positions.shape[0] - 1],
        [0, 0],
      ])
      x = x
        .pad([
          [0, 0],
          [1, 0],
          [0, 0],
        ])
        .add(positions.add(table))
    } else {
      x = x.add(positions)
    }
    x = nn.dropout(x, 0)
    for (let i = 0; i < v.depth; i++) {
      const name = `block${i}`
      x = attention(nn, params, name, norm(nn, params, `${name}/norm1`, x, epsilon), v.heads, {
        dropout: 2 * i + 1,
        residual: x,
      })
      x = mixture(nn, params, name, norm(nn, params, `${name}/norm2`, x, epsilon), v, {
        dropout: 2 * i + 2,
        residual: x,
      })
    }
    return norm(nn, params, 'norm', x, epsilon)
  },
  pool(_nn, _params, x, _images, v) {
    const batch = x.shape[0]
    return v.pool === 'class' ? x.slice([0, 0, 0], [batch, 1, v.width]).reshape([batch, v.width]) : x.mean(1)
  },
  above: ['head'],
}

/** A vision transformer: patches, learned positions, pre-norm blocks. `tiny` is the published ViT-Tiny. */
export const vitTiny = model({
  label: 'ViT',
  cite: 'Dosovitskiy et al., arXiv:2010.11929; ViT-Tiny as in Touvron et al., arXiv:2012.12877',
  task: 'image',
  knobs,
  sizes: {
    nano: { width: 64, depth: 4, heads: 4, ratio: 2 },
    micro: { width: 96, depth: 6, heads: 3, ratio: 4 },
    tiny: { width: 192, depth: 12, heads: 3, ratio: 4, pool: 'class' },
  },
  tensors(v, input) {
    if (input.task !== 'image')
      throw new Problem(
        'A ViT reads images, and this data set holds text.',
        'Choose the model BERT, or an image data set.',
        { about: 'model' },
      )
    const channels = input.shape[2]
    const [height, width] = v.side ? [v.side, v.side] : input.shape
    if (height % v.patch !== 0 || width % v.patch !== 0) {
      throw new Problem(
        `Patches of ${v.patch} pixels do not divide an image of ${height} x ${width}${v.side ? ', scaled' : ''}.`,
        `Choose a patch size that divides both sides${v.side ? ', or another image side' : ''}.`,
      )
    }
    requireHeads(v.width, v.heads)
    const tokens = (height / v.patch) * (width / v.patch) + (v.pool === 'class' ? 1 : 0)
    const blocks = Array.from({ length: v.depth }, (_, i) =>
      blockTensors(`block${i}`, v, undefined, mixtureTensors(`block${i}`, v, v)),
    ).flat()
    const patchSize = v.patch * v.patch * channels
    return [
      ...blocks,
      ...linearTensors('embed', patchSize, v.width, false, glorot(patchSize, v.width)),
      ...(v.pool === 'class' ? [tableTensor('token', 1, v.width, 0.02)] : []),
      tableTensor('positions', tokens, v.width, v.positions),
      ...normTensors('norm', v.width),
      ...linearTensors('head', v.width, input.classes, false, { kind: 'normal', deviation: 0.02 }),
    ]
  },
  forward(nn, params, input, v, spec) {
    const encoded = trunk.encode(nn, params, trunk.embed(nn, params, input, v), input, v, spec)
    return linear(nn, params, 'head', trunk.pool(nn, params, encoded, input, v))
  },
  trunk,
})
