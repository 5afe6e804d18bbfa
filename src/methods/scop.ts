import { maskWithout, type CutView } from '../core/cut'
import { choice, integer, number, type Values } from '../core/knob'
import type { Placed } from '../core/layout'
import { method } from '../core/method'
import type { InputSpec } from '../core/model'
import type { ProblemData } from '../core/problem'
import { largest } from '../core/ranking'
import { atKnob, cutAfter, sparsityKnob } from './axes'

/** Cuts the heads or neurons that answer images no better than knockoffs of these (docs/algorithms.md 2.21). */
export const scop = method({
  label: 'SCOP (knockoffs)',
  cite: 'Tang et al., arXiv:2010.10732; second-order knockoffs: Candès et al., arXiv:1610.02351',
  group: 'structured',
  about:
    'An experiment with a control group. Every image gets a knockoff: noise with the same mean and covariance but '
    + 'no meaning. A gate on each unit mixes what the unit makes of the image with what it makes of the knockoff. '
    + 'Only the gates are trained. Units whose gates do not prefer the image carry no signal and are cut whole.',
  formula: "A' = b_u A_u + (1 - b_u) \\tilde A_u, \\qquad I_u = (2 b_u - 1) \\lVert W^{\\text{out}}_u \\rVert_2",
  shines:
    'It finds units that are large or busy for reasons that have nothing to do with the example: their knockoff '
    + 'looks the same.',
  fails:
    'Gates learn for a short time, together, and each relative to the others. Knockoffs that share only the '
    + 'covariance are easy to tell from images, so most units prefer the image.',
  adapted:
    'The released code trains a generator of knockoffs and uses the scale of a batch norm as the size of a unit. '
    + 'Here knockoffs are Gaussian in principal components of 128 training images. What lies outside these stays as '
    + 'in the image, so covariances agree, except for rounding and clamping to bytes. The size is that of the weights '
    + 'by which a unit leaves. Only units of the chosen kind have gates, during one cut, for some batches; the paper '
    + 'takes 20 epochs. Texts are refused, because token ids have no covariance. Neurons of experts are refused, '
    + 'because a router may send a token of an image and that of its knockoff to different experts.',
  knobs: {
    sparsity: { ...sparsityKnob(0.5), help: 'Share of the units to cut, the same in every layer.' },
    unit: choice(
      'Unit',
      'neuron',
      { neuron: 'MLP neuron', head: 'Attention head' },
      { help: 'What has a gate and is kept or cut whole.' },
    ),
    batches: integer('Gate batches', 100, [1, 2000], {
      unit: 'batches',
      help: 'How many steps the gates train, each on one training batch and its knockoffs.',
    }),
    rate: number('Gate rate', 0.004, [0.0001, 0.1], {
      scale: 'log',
      help:
        "Adam's learning rate of the gates, which begin at 0.5. 100 steps of 0.004 move a gate by about 0.4 at "
        + 'most.',
    }),
    components: integer('Components', 32, [1, 100], {
      help: 'In how many principal components a knockoff differs from its image.',
    }),
    distance: number('Distance', 1, [0.05, 1], {
      step: 0.05,
      help: 'How far a knockoff is from its image. At 1 it shares nothing with it in these components.',
    }),
    at: atKnob(0.5, 'When to train the gates and cut units. The rest of the run is fine-tuning.'),
  },
  score: { wgsl: 'x.w * x.w', js: (x) => Math.fround(x.w * x.w) },
  scope: () => 'layer',
  granularity: (v) => ({ kind: v.unit === 'head' ? 'head' : 'neuron', score: 'sum' }),
  plan: (v, steps) => cutAfter(v, steps),
  refuses,
  // Every batch brings its knockoffs along.
  passes: ({ batches }) => ({ forward: 0, gradients: 2 * batches }),
  async cut(view, { unit, batches, rate, components, distance }) {
    const gates = await view.controlGates(
      { kind: unit === 'head' ? 'head' : 'neuron', batches, rate, components, distance },
      { mask: view.mask },
    )
    const kept = new Set<number>()
    for (const layer of view.units?.layout.prunable ?? [])
      for (const unit of keptOf(view, layer, gates.get(layer.name))) kept.add(layer.offset + unit)
    return {
      mask: view.units ? maskWithout(view.mask, view.units, (unit) => !kept.has(unit)) : view.mask,
      note: noteOf([...gates.values()]),
    }
  },
})

function refuses({ unit }: { readonly unit: string }, input?: InputSpec, model: Values = {}): ProblemData | undefined {
  if (input?.task === 'text') {
    return {
      what: 'SCOP compares examples with knockoffs of the same covariance, and the token ids of texts have none.',
      fix: 'Choose images, or another method.',
    }
  }
  if (unit !== 'neuron' || Number(model.experts ?? 1) === 1) return undefined
  return {
    what:
      `A router of ${String(model.experts)} experts may send an image's token and its knockoff's to different `
      + 'ones, so that a gate has nothing to mix a neuron with.',
    fix: 'Choose attention heads, or one expert.',
  }
}

/** Units of a layer that stay. @param gates [size] */
function keptOf(view: CutView, { name, size }: Placed, gates: Float64Array = new Float64Array(size)): number[] {
  const norms = leavingNorms(view, name, size)
  const count = view.groups.find(({ tensors: [first] }) => first?.name === name)?.kept ?? size
  const stays = largest(
    gates.map((gate, i) => (2 * gate - 1) * (norms[i] ?? 0)),
    count,
  )
  return Array.from(stays.keys()).filter((i) => stays[i] === 1)
}

/** Norm of the weights by which each unit leaves, [size]. */
function leavingNorms({ layout, weights }: CutView, layer: string, size: number): number[] {
  const leaving = layout.prunable.filter(({ units }) => units?.layer === layer && units.side === 'leaves')
  const rows = (unit: number) =>
    leaving.flatMap((t) =>
      Array.from(weights.subarray(t.offset + (unit * t.size) / size, t.offset + ((unit + 1) * t.size) / size)),
    )
  return Array.from({ length: size }, (_, unit) => Math.hypot(...rows(unit)))
}

function noteOf(layers: readonly Float64Array[]): string {
  const all = layers.flatMap((gates) => Array.from(gates))
  const preferring = all.filter((gate) => gate > 0.5).length
  return (
    `${preferring} of ${all.length} gates ended above a half, where images count more than their knockoffs; `
    + `the largest is ${Math.max(...all).toFixed(2)}, the smallest ${Math.min(...all).toFixed(2)}.`
  )
}
