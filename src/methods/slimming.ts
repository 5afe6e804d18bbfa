import { choice, number } from '../core/knob'
import { method } from '../core/method'
import { atKnob, sparsityKnob } from './axes'
import {
  allGates,
  gatedKnob,
  gatedUnits,
  gateLayers,
  gateRateKnob,
  gatesThenCut,
  keepLargest,
  size,
  withoutUnits,
} from './gates'

/** L1 on a gate of every head and neuron, then a cut of those with the smallest gates (docs/algorithms.md 2.22). */
export const slimming = method({
  label: 'Network slimming',
  cite: 'Liu et al., arXiv:1708.06519',
  group: 'structured',
  about:
    'Gives every attention head and MLP neuron a gate that multiplies its output. An L1 penalty makes the gates of '
    + 'useless units shrink. Then the units with the smallest gates are cut whole, and the rest trains on without the '
    + 'penalty.',
  formula: '\\mathcal{L} + \\lambda \\sum_u |\\gamma_u|, \\qquad s_u = |\\gamma_u|',
  shines:
    'Units compete during training. It needs no gradient pass of its own and no score. What is left is a smaller '
    + 'dense model.',
  fails:
    'L1 pulls useful gates down as hard as useless ones. They form one hump near 0, and the cut has to fall '
    + 'somewhere in it. Compare Polarization.',
  adapted:
    "The paper's gates are the scales of batch norms, which transformers do not have. A layer norm's scale "
    + 'belongs to the residual stream, so heads and neurons have gates of their own. They begin at 1 and learn faster '
    + 'than matrices (Gate rate). AdamW makes them feel the penalty relative to their gradient. Every layer keeps a '
    + 'unit.',
  knobs: {
    sparsity: { ...sparsityKnob(0.5), help: 'Share of the gated units to cut.' },
    units: gatedKnob,
    lambda: number('Lambda', 0.001, [0, 1], { step: 0.0001, help: 'Strength of the penalty.' }),
    gateRate: gateRateKnob(5),
    scope: choice(
      'Scope',
      'global',
      { global: 'Global', layer: 'Per layer' },
      { help: 'All gates in one ranking, or one ranking in each layer.' },
    ),
    at: atKnob(0.5, 'When to cut units. After it the rest trains without the penalty.'),
  },
  score: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  plan: (v, steps) => gatesThenCut(v, v.sparsity, steps),
  units: (v) => gatedUnits(v.units, 1, { penalty: (params) => size(allGates(params)).sum().mul(v.lambda) }),
  cut: (view, v) => {
    const layers = gateLayers(view)
    return withoutUnits(
      view,
      layers,
      keepLargest(
        layers.map(({ gates }) => gates.map(Math.abs)),
        v.sparsity,
        v.scope,
      ),
    )
  },
})
