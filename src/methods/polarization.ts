import { number } from '../core/knob'
import { method } from '../core/method'
import { atKnob } from './axes'
import {
  allGates,
  gatedKnob,
  gatedUnits,
  gateLayers,
  gateRateKnob,
  gatesThenCut,
  polarThreshold,
  size,
  withoutUnits,
} from './gates'

/** How much may go at most: every layer keeps a unit. */
const most = 0.99

/**
 * Gates that a penalty drives apart, towards 0 or towards each other, and a cut in the valley between
 * (docs/algorithms.md 2.22).
 */
export const polarization = method({
  label: 'Polarization',
  cite: 'Zhuang et al., NeurIPS 2020, Neuron-level Structured Pruning using Polarization Regularizer',
  group: 'structured',
  about:
    'Gates on heads and neurons as in network slimming, with a penalty that pushes each gate away from the mean of '
    + 'all. Some go to 0, the others go up. The cut falls into the valley between the two groups. How many units go '
    + 'is a result, not a setting.',
  formula:
    '\\mathcal{L} + \\lambda \\sum_u \\bigl( t\\,|\\gamma_u| - |\\gamma_u - \\bar\\gamma| \\bigr),\\quad '
    + '\\gamma_u \\in [0, 1]',
  shines:
    'The gap is real: units with gates at 0 do almost nothing when they are cut. So accuracy right after the cut is '
    + 'close to accuracy before it.',
  fails:
    'You have to find how much goes by trying lambda and t. If lambda is too small there is no valley and nothing '
    + 'is cut. If t is too large everything is pulled to 0.',
  adapted:
    'Heads and neurons have gates of their own; the paper uses the scales of batch norms. The mean is over the '
    + "gates of all layers, and the gradient flows through it. The threshold is the paper's: a histogram of 100 bins "
    + 'over [0, 1], and the first bin after which counts stop falling. A note says when it lies above 0.2. Every '
    + 'layer keeps its largest gate. While all gates are equal, the push away from the mean has no slope, and lambda '
    + 't pulls all to 0 alike. They part as soon as the loss moves them.',
  knobs: {
    units: gatedKnob,
    lambda: number('Lambda', 0.003, [0, 1], { step: 0.0001, help: 'Strength of the penalty.' }),
    t: number('t', 1.2, [0, 4], {
      step: 0.05,
      help: 'Strength of the pull towards 0, as a multiple of the push away from the mean. Above 1 more gates go to 0.',
    }),
    gateRate: gateRateKnob(5),
    at: atKnob(0.5, 'When to cut units. After it the rest trains without the penalty.'),
  },
  score: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  target: () => most,
  plan: (v, steps) => gatesThenCut(v, most, steps),
  units: (v) =>
    gatedUnits(v.units, 0.5, {
      rule: { bounds: [0, 1] },
      penalty: (params) => {
        const gates = allGates(params)
        return size(gates)
          .mul(v.t)
          .sub(size(gates.sub(gates.mean())))
          .sum()
          .mul(v.lambda)
      },
    }),
  cut: (view) => {
    const layers = gateLayers(view)
    const threshold = polarThreshold(layers.map(({ gates }) => gates))
    const kept = layers.map(({ gates }) => {
      const best = gates.indexOf(Math.max(...gates))
      return Uint8Array.from(gates, (gate, unit) => Number(gate >= threshold || unit === best))
    })
    const note =
      threshold > 0.2
        ? {
            note:
              `The valley between the gates lies at ${threshold}, above 0.2: they are hardly polarized, `
              + 'so the cut takes units that matter.',
          }
        : {}
    return { ...withoutUnits(view, layers, kept), ...note }
  },
})
