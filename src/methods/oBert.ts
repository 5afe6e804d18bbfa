import { bit } from '../core/bits'
import { maskOf, type Cut, type CutView } from '../core/cut'
import { integer, number } from '../core/knob'
import type { Placed } from '../core/layout'
import { method } from '../core/method'
import { Problem } from '../core/problem'
import { largest } from '../core/ranking'
import { addGradient, diagonalOf, freshFisher, timesInverse, type BlockFisher } from '../maths/blockFisher'
import { cutKnobs, cutting, everyKnob, scopeKnob, sparsityKnob } from './axes'

/** Added to denominators, as in the released code: the smallest step of a float32 at 1. */
const epsilon = 2 ** -23

/** More than this many numbers of inverses would fill a page's memory. */
const most = 128 * 2 ** 20

/**
 * Optimal brain surgeon with blocks of the empirical Fisher matrix (docs/algorithms.md 2.33): cuts what raises the loss
 * least once the others make up for it, and makes up for it.
 */
export const oBert = method({
  label: 'oBERT',
  cite: 'The optimal BERT surgeon: Kurtic et al., arXiv:2203.07259; Hassibi & Stork, 1992',
  group: 'during training',
  about:
    'Asks how much the loss would grow if a weight was cut and the others of its block made up for it. Curvature comes '
    + 'from the gradients of many batches (the empirical Fisher matrix). Cuts the weights that cost least, and moves '
    + 'their neighbours by what they lose.',
  formula:
    '\\rho_i = \\frac{w_i^2}{2\\,[F^{-1}]_{ii}},\\quad \\delta w = -\\sum_{i\\ \\text{cut}} '
    + '\\frac{w_i}{[F^{-1}]_{ii}} F^{-1} e_i,\\quad F = \\lambda I + \\tfrac{1}{m} \\sum_b g_b g_b^\\top',
  shines:
    'Trained models, above all pre-trained ones that are fine-tuned at 80 % and more. There it was ahead of magnitude '
    + 'and movement pruning, and the repair spares part of the training after a cut.',
  fails:
    'It costs many gradients at every cut, and memory for a block of each weight. Early in training gradients say '
    + 'little about curvature. Weights of different blocks do not make up for each other.',
  adapted:
    'The ramp starts at 0; the paper begins with 70 %. Gradients are those of training batches without dropout, all '
    + "of one size with the run's. All arithmetic is in doubles. The optimizer's moments start again after a cut. "
    + 'Every matrix keeps a weight.',
  knobs: {
    sparsity: sparsityKnob(),
    scope: scopeKnob(),
    ...cutKnobs,
    every: { ...everyKnob(100), when: { knob: 'schedule', is: 'gradual' } },
    batches: integer('Gradients', 64, [1, 4096], {
      unit: 'batches',
      help: 'How many batches give a gradient each at every cut.',
    }),
    block: integer('Block', 50, [1, 512], {
      unit: 'weights',
      help: 'How many neighbouring inputs of an output share a block, and make up for each other. 1: the diagonal.',
    }),
    damping: number('Damping', 1e-7, [1e-10, 1], {
      scale: 'log',
      help: 'Added to the diagonal. The larger it is, the more it is magnitude pruning.',
    }),
  },
  score: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  plan: cutting,
  passes: ({ batches }) => ({ forward: 0, gradients: batches }),
  cut: async (view, { batches, block, damping }) => operated(view, await measured(view, batches, block, damping)),
})

/** The inverse of each matrix's blocks. */
type Fishers = ReadonlyMap<string, BlockFisher>

async function measured(view: CutView, batches: number, block: number, damping: number): Promise<Fishers> {
  const { layout, mask } = view
  if (layout.prunableCount * block > most)
    throw new Problem(
      `Blocks of ${block} for ${layout.prunableCount} weights would take ${layout.prunableCount * block} numbers.`,
      `Choose a block of at most ${Math.max(1, Math.floor(most / layout.prunableCount))}.`,
    )
  const places = new Map(layout.prunable.map((tensor) => [tensor.name, tensor]))
  const fishers = new Map(
    layout.prunable.map(({ name, size }) => [name, freshFisher(size, block, batches, damping)] as const),
  )
  await view.gradients(batches, (name, gradient) => {
    const [tensor, fisher] = [places.get(name), fishers.get(name)]
    if (!tensor || !fisher) return
    const own = turned(tensor, (i) => (bit(mask, tensor.offset + i) ? (gradient[i] ?? 0) : 0))
    addGradient(fisher, own)
  })
  return fishers
}

/** Cuts the lowest scores, and moves what is left in their blocks. */
async function operated(view: CutView, fishers: Fishers): Promise<Cut> {
  const { layout, groups, weights, mask } = view
  const scores = new Float64Array(layout.prunableLength)
  const next = weights.slice()
  for (const tensor of layout.prunable) scores.set(scoresOf(tensor, weights, mask, fishers), tensor.offset)
  const chosen = new Uint8Array(layout.prunableLength)
  for (const { tensors, kept } of groups) {
    const all = Float64Array.from(tensors.flatMap(({ offset, size }) => [...scores.subarray(offset, offset + size)]))
    const best = largest(all, Math.max(kept, tensors.length))
    let from = 0
    for (const { offset, size } of tensors) chosen.set(best.subarray(from, (from += size)), offset)
  }
  for (const tensor of layout.prunable) {
    await view.rest()
    repair(tensor, next, mask, chosen, fishers)
  }
  return { mask: maskOf(layout, (i) => chosen[i] === 1), weights: next }
}

/** By place in the matrix: -1 where a weight was cut before, infinity for the best. */
function scoresOf(tensor: Placed, weights: Float32Array, mask: Uint32Array, fishers: Fishers): Float64Array {
  const { name, offset, size } = tensor
  const fisher = fishers.get(name) as BlockFisher
  const scores = new Float64Array(size)
  let best = 0
  for (let k = 0; k < size; k++) {
    const i = placeOf(tensor, k)
    const w = weights[offset + i] as number
    const score = bit(mask, offset + i) ? w ** 2 / (2 * diagonalOf(fisher, k) + epsilon) : -1
    scores[i] = score
    if (score > (scores[best] as number)) best = i
  }
  scores[best] = Infinity
  return scores
}

function repair(tensor: Placed, weights: Float32Array, mask: Uint32Array, chosen: Uint8Array, fishers: Fishers): void {
  const { name, offset } = tensor
  const fisher = fishers.get(name) as BlockFisher
  const isLost = (i: number) => bit(mask, offset + i) && chosen[offset + i] === 0
  const lost = turned(tensor, (i) => (isLost(i) ? (weights[offset + i] as number) : 0))
  const moves = timesInverse(
    fisher,
    lost.map((w, k) => (w === 0 ? 0 : w / (diagonalOf(fisher, k) + epsilon))),
  )
  moves.forEach((move, k) => {
    const at = offset + placeOf(tensor, k)
    weights[at] = chosen[at] ? (weights[at] as number) - move : 0
  })
}

/** Place in a matrix [inputs, outputs], row by row, of number k where the inputs of an output follow each other. */
function placeOf({ shape: [inputs = 1, outputs = 1] }: Placed, k: number): number {
  return (k % inputs) * outputs + Math.floor(k / inputs)
}

/** Numbers of a matrix, the inputs of an output after each other. */
function turned(tensor: Placed, valueOf: (place: number) => number): Float64Array {
  return Float64Array.from({ length: tensor.size }, (_, k) => valueOf(placeOf(tensor, k)))
}
