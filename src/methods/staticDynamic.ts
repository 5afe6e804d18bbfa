import { choice, integer, number, share, type Values } from '../core/knob'
import { maskWithout, type Cut, type CutView } from '../core/cut'
import { evolve } from '../maths/evolution'
import type { Placed } from '../core/layout'
import { method } from '../core/method'
import type { UnitHook } from '../core/unitHook'
import type { TensorSpec, UnitSite } from '../core/model'
import { atKnob, countOf, cutAfter } from './axes'

const knobs = {
  budget: share('Budget', 0.3, [0.05, 1], {
    step: 0.01,
    unit: 'of the neurons',
    help: 'Share of the MLP neurons that work for a token, over all blocks together.',
  }),
  dynamic: share('Dynamic share', 0.5, [0, 1], {
    step: 0.05,
    help: 'Share of the idle neurons that each token chooses anew. The others are cut for good.',
  }),
  criterion: choice(
    'Criterion',
    'contribution',
    { contribution: 'Contribution to the output', magnitude: 'Size of the weights' },
    {
      help:
        'How to rank neurons for the cut: the root mean square of their output times the norm of the weights by which '
        + 'they leave, or that norm alone.',
    },
  ),
  tries: integer('Tries', 24, [1, 200], {
    help: 'How many ways to spread the budget over the blocks the search tries. 1 spreads it evenly.',
  }),
  price: number('Price', 2, [0, 100], {
    scale: 'linear',
    step: 0.1,
    help: 'How much accuracy the search takes off for a whole network over the budget.',
  }),
  batches: integer('Search batches', 4, [1, 100], {
    unit: 'batches',
    help: 'How many training batches judge every try.',
  }),
  at: atKnob(0.5, 'When to search. After it the model trains on under what the search found.'),
}
type Knobs = Values<typeof knobs>

/** A budget of neurons, part of it saved for good and part of it by each token (docs/algorithms.md 2.24). */
export const staticDynamic = method({
  label: 'Static + dynamic neurons',
  cite:
    'Chen et al., Storage efficient and dynamic flexible runtime channel pruning via deep reinforcement '
    + 'learning, NeurIPS 2020',
  group: 'input-dependent',
  about:
    'Spends a budget of MLP neurons. Of the idle neurons one part is cut for good and takes no room any more. Each '
    + 'token chooses the strongest of the rest. A search finds how many neurons each block may use. It tries ways to '
    + 'spread the budget on training examples and takes the best.',
  formula:
    '\\begin{gathered} a_i = r_i n_i,\\quad k_i = n_i - (1 - d)(n_i - a_i) \\\\ \\max_r\\; '
    + '\\text{acc} - \\lambda \\max(0, c(r) - c^*) \\end{gathered}',
  shines:
    'It stands between two extremes: static pruning saves memory, and the choice by token keeps what only some '
    + 'inputs need.',
  fails:
    'All neurons have to be computed before a token can choose among them. With so few blocks there is little to '
    + 'spread.',
  adapted:
    'The paper learns two recurrent policies by PPO, which see each example; '
    + 'here an evolution strategy with a fixed seed tries one ratio per block, from an even spread on, '
    + 'and looks at training examples only, never at held-out ones. Neurons take the place of channels, '
    + 'the size of their output that of a learned gate, and c counts neurons rather than multiply-adds.',
  knobs,
  score: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  target: (v) => cutShare(v, v.budget),
  scope: () => 'layer',
  granularity: () => ({ kind: 'neuron', score: 'sum' }),
  plan: (v, steps) => cutAfter({ at: v.at, sparsity: cutShare(v, v.budget) }, steps),
  passes: ({ criterion, tries, batches }) => ({
    forward: batches * (tries + Number(criterion === 'contribution')),
    gradients: 0,
  }),
  cut: search,
  units: (): UnitHook => ({
    separate: true,
    tensors: (site) => (site.kind === 'neuron' ? [stays(site), working(site)] : []),
    forward: (nn, x, { kind, layer }, params) => {
      const [alive, count] = [params[nameOf.stays(layer)], params[nameOf.working(layer)]]
      return kind === 'neuron' && alive && count ? nn.strongest(x.mul(alive), count) : x
    },
    active({ kind, layer }, read) {
      if (kind !== 'neuron') return {}
      return {
        leaves:
          (read(nameOf.working(layer))[0] ?? 0) / Array.from(read(nameOf.stays(layer))).reduce((a, b) => a + b, 0),
      }
    },
  }),
})

const nameOf = { stays: (layer: string) => `${layer}/stays`, working: (layer: string) => `${layer}/working` }

/** 1 for neurons that are left, 0 for others: their biases must not make them candidates. */
function stays({ kind, layer, count }: UnitSite): TensorSpec {
  return {
    name: nameOf.stays(layer),
    shape: [count],
    init: { kind: 'constant', value: 1 },
    prunable: false,
    decay: false,
    fixed: true,
    units: { kind, layer, count, side: 'enters' },
  }
}

/** How many neurons a token chooses: all until the search. */
function working({ layer, count }: UnitSite): TensorSpec {
  return {
    name: nameOf.working(layer),
    shape: [1],
    init: { kind: 'constant', value: count },
    prunable: false,
    decay: false,
    fixed: true,
  }
}

/** Share of a layer that is cut for good where a share `ratio` of it works for a token. */
function cutShare({ dynamic }: Knobs, ratio: number): number {
  return (1 - dynamic) * (1 - ratio)
}

/** Smallest ratio that the search gives a block. */
const least = 0.05

async function search(view: CutView, v: Knobs): Promise<Cut> {
  const layers = view.units?.layout.prunable ?? []
  const ranks = await ranksOf(view, layers, v)
  const start = layers.map(() => v.budget)
  const reward = async (ratios: readonly number[]) => {
    const { accuracy } = await view.quality(cutTo(view, layers, ranks, ratios, v), v.batches)
    return accuracy - v.price * Math.max(0, used(layers, ratios) - v.budget)
  }
  const tried = await evolve(start, { tries: v.tries, range: [Math.min(least, v.budget), 1], seed: view.seed }, reward)
  const best = tried[0]?.point ?? start
  return {
    ...cutTo(view, layers, ranks, best, v),
    note: noteOf(
      layers,
      best,
      v,
      tried.length,
      tried[0]?.reward ?? 0,
      tried.find(({ point }) => point === start)?.reward ?? 0,
    ),
  }
}

/** Neurons that work for a token, over all. */
function used(layers: readonly Placed[], ratios: readonly number[]): number {
  const all = layers.reduce((sum, { size }) => sum + size, 0)
  return layers.reduce((sum, { size }, i) => sum + countOf(ratios[i] ?? 1, size), 0) / all
}

/** The model under these ratios, one a layer. @param ranks of every unit within its layer, 0 for the best */
function cutTo(view: CutView, layers: readonly Placed[], ranks: Uint32Array, ratios: readonly number[], v: Knobs): Cut {
  const weights = view.weights.slice()
  const cut = new Set<number>()
  layers.forEach(({ name, offset, size }, i) => {
    const ratio = ratios[i] ?? 1
    const active = countOf(ratio, size)
    const left = Math.max(active, Math.round(size * (1 - cutShare(v, ratio))))
    for (let unit = 0; unit < size; unit++) {
      const alive = (ranks[offset + unit] ?? 0) < left
      if (!alive) cut.add(offset + unit)
      write(view, weights, nameOf.stays(name), unit, alive ? 1 : 0)
    }
    write(view, weights, nameOf.working(name), 0, active)
  })
  const mask = view.units ? maskWithout(view.mask, view.units, (unit) => cut.has(unit)) : view.mask
  return { mask, weights }
}

function write({ layout }: CutView, weights: Float32Array, name: string, at: number, value: number): void {
  const place = layout.tensors.find((t) => t.name === name)
  if (place) weights[place.offset + at] = value
}

/** The rank of every unit within its layer, by place in the units' layout; of equal ones the first is the better. */
async function ranksOf(view: CutView, layers: readonly Placed[], v: Knobs): Promise<Uint32Array> {
  const ranks = new Uint32Array(view.units?.layout.length ?? 0)
  const matrices = layers.map(({ name }) =>
    view.layout.prunable.find(({ units }) => units?.layer === name && units.side === 'leaves'),
  )
  const names = matrices.flatMap((matrix) => matrix?.name ?? [])
  const outputs =
    v.criterion === 'contribution' ? await view.inputs(names, 'squares', v.batches) : new Map<string, Float64Array>()
  layers.forEach(({ offset, size }, i) => {
    const strength = strengths(view, matrices[i], outputs)
    const order = Array.from({ length: size }, (_, unit) => unit).sort(
      (a, b) => (strength[b] ?? 0) - (strength[a] ?? 0) || a - b,
    )
    order.forEach((unit, rank) => {
      ranks[offset + unit] = rank
    })
  })
  return ranks
}

/**
 * Of each unit, the norm of the weights by which it leaves, times the root of its output's sum of squares where that is
 * known.
 */
function strengths(
  { weights }: CutView,
  matrix: Placed | undefined,
  outputs: ReadonlyMap<string, Float64Array>,
): number[] {
  const { name = '', offset = 0, shape: [rows = 0, columns = 0] = [] } = matrix ?? {}
  const norm = (row: number) => Math.hypot(...weights.subarray(offset + row * columns, offset + (row + 1) * columns))
  return Array.from({ length: rows }, (_, row) => norm(row) * Math.sqrt(outputs.get(name)?.[row] ?? 1))
}

function noteOf(
  layers: readonly Placed[],
  ratios: readonly number[],
  v: Knobs,
  tries: number,
  best: number,
  even: number,
): string {
  const each = layers.map(({ name, size }, i) => `${name} ${countOf(ratios[i] ?? 1, size)} of ${size}`).join(', ')
  const gain =
    tries === 1
      ? ''
      : `; the best of ${tries} tries scores ${best.toFixed(3)} on training examples, an even spread ${even.toFixed(3)}`
  return (
    `Neurons that work for a token: ${each} (${(100 * used(layers, ratios)).toFixed(0)} %, `
    + `budget ${(100 * v.budget).toFixed(0)} %)${gain}.`
  )
}
