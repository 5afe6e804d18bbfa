import { bit } from '../core/bits'
import { maskWithout, type Cut, type CutView } from '../core/cut'
import { choice, flag, integer, share } from '../core/knob'
import { method } from '../core/method'
import { largest } from '../core/ranking'
import type { Group } from '../core/scope'
import { cutKnobs, cutting, everyKnob, sparsityKnob } from './axes'

/** Heads or neurons whose gates the examples care least about (docs/algorithms.md 2.3). */
export const michel = method({
  label: 'Michel importance',
  cite: 'Michel et al., arXiv:1905.10650; one shot and gradual as in Molchanov et al., arXiv:1611.06440',
  group: 'structured',
  about:
    'Asks every training example how much its loss would change if an attention head (or an MLP neuron) were turned '
    + 'down, and averages the sizes of the answers. It cuts the units that matter least, a tenth of them at a time, '
    + 'and asks again after each cut.',
  formula:
    'I_u = \\mathbb{E}_{x} \\left| \\frac{\\partial \\mathcal{L}(x)}{\\partial \\xi_u} \\right|, '
    + '\\qquad \\frac{I_u}{\\sqrt{\\sum_{v \\in \\text{layer}} I_v^2}}',
  shines:
    'Trained models with heads to spare. Examples that pull in opposite directions both count; an average of '
    + 'gradients over a batch would cancel them.',
  fails:
    'The slope at full strength says little about what happens without a unit. Two heads that do the same work both '
    + 'look unimportant until one of them is cut. That is why it cuts a tenth at a time.',
  adapted:
    'Gates of 1 for each example of a batch give the gradients of single examples in one pass; the released code '
    + 'runs batches of one. Every layer keeps a unit. A sparsity replaces stopping at 90 % of the accuracy. MLP '
    + 'neurons and fine-tuning after the cut (Cut at below 1, or gradual) are additions.',
  knobs: {
    sparsity: { ...sparsityKnob(0.5), help: 'Share of the units that are cut at the end.' },
    unit: choice(
      'Unit',
      'head',
      { head: 'Attention head', neuron: 'MLP neuron' },
      { help: 'What is kept or cut whole.' },
    ),
    scope: choice(
      'Scope',
      'global',
      { global: 'Global', layer: 'Per layer' },
      { help: 'All units in one ranking, or one ranking in each layer.' },
    ),
    normalise: flag('Normalise', true, {
      help: 'Divides importances by their norm over the layer before layers are ranked together.',
    }),
    batches: integer('Batches', 8, [1, 1000], {
      unit: 'batches',
      help: 'How many training batches to ask before each cut.',
    }),
    stride: share('At a time', 0.1, [0.01, 1], {
      step: 0.01,
      unit: 'of the units',
      help: 'Share to cut before asking the rest again. 1 cuts all at once.',
    }),
    ...cutKnobs,
    schedule: { ...cutKnobs.schedule, default: 'once' },
    every: { ...everyKnob(50), when: { knob: 'schedule', is: 'gradual' } },
    at: { ...cutKnobs.at, default: 1 },
  },
  score: { wgsl: 'abs(x.w * x.g)', js: (x) => Math.abs(Math.fround(x.w * x.g)) },
  granularity: (v) => ({ kind: v.unit, score: 'gate' }),
  plan: cutting,
  passes: ({ batches, stride }, after, before) => ({
    forward: 0,
    gradients:
      batches
      * roundsOf(
        after,
        before.map(({ kept }) => kept),
        stride,
      ).length,
  }),
  async cut(view, v) {
    let left: Cut = { mask: view.mask }
    const alive = aliveUnits(view)
    for (const counts of roundsOf(
      view.groups,
      view.groups.map((group) => aliveIn(group, alive)),
      v.stride,
    )) {
      const importance = await view.gateGradients(v.batches, left)
      for (const [i, group] of view.groups.entries()) keepMost(group, counts[i] ?? 0, importance, v.normalise, alive)
      left = { mask: withoutDead(view, alive) }
    }
    return left
  },
})

/** 1 for each unit that is not cut yet, by layer. */
type Alive = ReadonlyMap<string, Uint8Array>

function aliveUnits({ units, mask }: CutView): Alive {
  return new Map(
    units?.layout.prunable.map(({ name, offset, size }) => [
      name,
      Uint8Array.from({ length: size }, (_, i) => Number(isAlive(units, mask, offset + i))),
    ]),
  )
}

/** By the first of its weights: a unit is whole or gone. */
function isAlive({ table, spans }: NonNullable<CutView['units']>, mask: Uint32Array, unit: number): boolean {
  return bit(mask, spans[4 * (table[4 * unit] ?? 0)] ?? 0)
}

function aliveIn({ tensors }: Group, alive: Alive): number {
  return tensors.reduce((sum, { name }) => sum + count(alive.get(name)), 0)
}

/**
 * Counts of every group after each round: down from what there is now by a share of its units at a time, to what the
 * plan asks for.
 */
function roundsOf(groups: readonly Group[], now: readonly number[], stride: number): number[][] {
  const sizes = groups.map(({ tensors }) => tensors.reduce((sum, { size }) => sum + size, 0))
  const by = sizes.map((size) => Math.max(1, Math.round(stride * size)))
  const rounds = Math.max(0, ...groups.map(({ kept }, i) => Math.ceil(((now[i] ?? 0) - kept) / (by[i] ?? 1))))
  return Array.from({ length: rounds }, (_, r) =>
    groups.map(({ kept }, i) => Math.max(kept, (now[i] ?? 0) - (r + 1) * (by[i] ?? 1))),
  )
}

function count(bits: Uint8Array = new Uint8Array()): number {
  return bits.reduce((sum, bit) => sum + bit, 0)
}

/** Leaves `kept` units of a group alive: the best of every layer, then the most important of all. */
function keepMost(
  { tensors }: Group,
  kept: number,
  importance: ReadonlyMap<string, Float64Array>,
  normalise: boolean,
  alive: Alive,
): void {
  const scores = tensors.map(({ name }) =>
    scoresOf(importance.get(name) ?? new Float64Array(), alive.get(name), normalise),
  )
  const chosen = largest(Float64Array.from(scores.flatMap((layer) => [...layer])), kept)
  let at = 0
  for (const { name, size } of tensors) alive.get(name)?.set(chosen.subarray(at, (at += size)))
}

/**
 * Importances, over their norm if asked for; -1 where a unit is cut, and infinity for the best, so that no layer loses
 * all.
 */
function scoresOf(importance: Float64Array, alive: Uint8Array = new Uint8Array(), normalise: boolean): Float64Array {
  const norm = normalise ? Math.sqrt(importance.reduce((sum, value) => sum + value * value, 0)) || 1 : 1
  const scores = importance.map((value, i) => (alive[i] ? value / norm : -1))
  const best = scores.reduce((most, value, i) => (value > (scores[most] ?? -1) ? i : most), 0)
  return scores.fill(Infinity, best, best + 1)
}

function withoutDead({ units, mask }: CutView, alive: Alive): Uint32Array<ArrayBuffer> {
  if (!units) return Uint32Array.from(mask)
  const dead = new Set(
    units.layout.prunable.flatMap(({ name, offset, size }) =>
      Array.from({ length: size }, (_, i) => offset + i).filter((at) => !alive.get(name)?.[at - offset]),
    ),
  )
  return maskWithout(mask, units, (unit) => dead.has(unit))
}
