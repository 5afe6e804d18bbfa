import type { Tensor } from '@tensorflow/tfjs'
import { maskOf, type CutView } from '../core/cut'
import { choice, number } from '../core/knob'
import { method } from '../core/method'
import type { TensorSpec } from '../core/model'
import { Problem } from '../core/problem'
import { everyKnob, idle } from './axes'
import { gateRateKnob } from './gates'

/** At most this share may go. */
const most = 0.995

/** A learned factor on every stripe of every matrix, which shrinks until it dies (docs/algorithms.md 2.26). */
export const stripes = method({
  label: 'Stripe-wise (SWP)',
  cite: 'Meng et al., arXiv:2009.14410',
  group: 'structured',
  about:
    'Prunes filters inside filters. Every matrix is cut into stripes: the weights from a run of neighbouring inputs '
    + 'to one output. A filter skeleton holds one factor for each stripe. Weights and factors are trained together '
    + 'while the factors shrink. A factor that becomes small is 0 for good, and its stripe with it. The sparsity is a '
    + 'result.',
  formula:
    'W^{\\text{eff}}_{ij} = W_{ij}\\, F_{b(i) j}, \\qquad F \\leftarrow \\operatorname{sign}(F) \\max(|F| - '
    + '\\eta\\, \\alpha, 0), \\quad |F| \\le \\delta \\Rightarrow F = 0',
  shines:
    'Finer than heads and neurons, so more can go. Coarser than single weights, so what is left is read in runs. No '
    + 'score, no ranking and no fine-tuning after a cut, since nothing that still matters is ever cut.',
  fails:
    'You have to find how much goes by trying the shrinkage. A dead stripe never returns, and nothing stops a '
    + 'matrix from losing all of them.',
  adapted:
    "The paper's stripes are the C weights of one place of a K x K filter. A linear layer has no such places. Here "
    + 'a stripe is a run of inputs (16 is a head of the small presets) of one output. The penalty on F is separate '
    + 'from the gradient: a soft threshold times the learning rate, because AdamW would remove its scale. So alpha '
    + "cannot be compared with the paper's 1e-5, which is meant for SGD over 160 epochs.",
  knobs: {
    stripe: choice(
      'Stripe',
      '16',
      { 4: '4 inputs', 8: '8 inputs', 16: '16 inputs', 32: '32 inputs' },
      { help: 'How many inputs make a stripe. It must divide the inputs of every matrix.' },
    ),
    shrink: number('Shrinkage', 0.8, [0, 10], {
      step: 0.05,
      help:
        "alpha: what the soft threshold takes from every factor, times the gates' learning rate. A factor can win it "
        + 'back where the gradient insists. At 1 and above it hardly can.',
    }),
    threshold: number('Threshold', 0.01, [0, 0.5], {
      step: 0.005,
      help: 'delta: a factor that is not larger than this dies.',
    }),
    gateRate: gateRateKnob(5),
    every: {
      ...everyKnob(25),
      help: 'Steps from one check for dead stripes to the next. A stripe has no effect from its death on.',
    },
  },
  score: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  target: () => most,
  plan: (v, steps) => ({
    ...idle,
    lastEvent: steps - 1,
    training: (t) => (t === steps - 1 || (t + 1) % v.every === 0 ? most : undefined),
    course: { pace: () => ({ weights: 1, gates: v.gateRate }) },
  }),
  units: (v) => ({
    rule: { shrink: v.shrink, dead: v.threshold },
    forward: (_nn, x) => x,
    beside: (matrix) => [skeletonOf(matrix, Number(v.stripe))],
    read: (params) => ({
      ...params,
      ...Object.fromEntries(
        Object.entries(params).flatMap(([name, weights]) => striped(weights, params[skeletonName(name)], name)),
      ),
    }),
    fold: (matrix, values) =>
      foldedInto(matrix, values(matrix.name), skeletonOf(matrix, Number(v.stripe)), values(skeletonName(matrix.name))),
  }),
  cut: (view) => ({ mask: maskOf(view.layout, living(view)), idle: true }),
})

function skeletonName(matrix: string): string {
  return `${matrix}/skeleton`
}

function skeletonOf({ name, shape: [inputs = 1, outputs = 1] }: TensorSpec, run: number): TensorSpec {
  if (inputs % run !== 0)
    throw new Problem(
      `Stripes of ${run} inputs do not divide ${name}, which has ${inputs}.`,
      'Choose a shorter stripe, or another width of the model.',
    )
  return {
    name: skeletonName(name),
    shape: [inputs / run, outputs],
    init: { kind: 'constant', value: 1 },
    prunable: false,
    decay: false,
    gate: true,
  }
}

/** A matrix [in, out] times its skeleton [blocks, out], under its name; nothing for tensors without one. */
function striped(weights: Tensor, skeleton: Tensor | undefined, name: string): [name: string, read: Tensor][] {
  if (!skeleton) return []
  const [blocks = 1, outputs = 1] = skeleton.shape
  return [
    [
      name,
      weights
        .reshape([blocks, -1, outputs])
        .mul<Tensor>(skeleton.reshape([blocks, 1, outputs]))
        .reshape(weights.shape),
    ],
  ]
}

/** Whether the stripe of a weight, by flat index, lives. */
function living({ layout, weights }: CutView): (index: number) => boolean {
  const pairs = layout.prunable.flatMap((matrix) => {
    const skeleton = layout.tensors.find(({ name }) => name === skeletonName(matrix.name))
    return skeleton ? [{ matrix, skeleton }] : []
  })
  return (index) => {
    const found = pairs.find(({ matrix: { offset, size } }) => index >= offset && index < offset + size)
    return (
      !found
      || weights[found.skeleton.offset + stripeOf(index - found.matrix.offset, found.matrix, found.skeleton)] !== 0
    )
  }
}

/** A matrix [in * out] times its skeleton [blocks * out]. */
function foldedInto(
  matrix: TensorSpec,
  weights: Float32Array,
  skeleton: TensorSpec,
  factors: Float32Array,
): Float32Array {
  return weights.map((w, i) => w * (factors[stripeOf(i, matrix, skeleton)] ?? 0))
}

/** The flat place in the skeleton of a flat place in the matrix. */
function stripeOf(
  place: number,
  { shape: [inputs = 1] }: TensorSpec,
  { shape: [blocks = 1, outputs = 1] }: TensorSpec,
): number {
  return Math.floor(Math.floor(place / outputs) / (inputs / blocks)) * outputs + (place % outputs)
}
