import type { Tensor } from '@tensorflow/tfjs'
import { share } from '../core/knob'
import { method } from '../core/method'
import type { UnitHook } from '../core/unitHook'
import type { Nn, TensorSpec, UnitSite } from '../core/model'
import { countOf, maskless } from './axes'

/** Attention heads that every example chooses by a learned gate (docs/algorithms.md 2.27). */
export const dynamicHeads = method({
  label: 'Dynamic heads',
  cite:
    'Gates as in Gao et al., arXiv:1810.05331 (feature boosting and suppression); straight-through: '
    + 'Bengio et al., arXiv:1308.3432',
  group: 'input-dependent',
  about:
    'Prunes nothing for good. In every block a small layer reads the mean of the tokens and gives each attention '
    + 'head a gate. Only the heads with the k largest gates work on this example; the others put out 0. The gates '
    + 'learn by the straight-through gradient, as if every gate were used as it is.',
  formula:
    's = \\sigma\\bigl(\\bar{x} W + b\\bigr),\\quad m = \\mathbf{1}\\bigl[\\operatorname{rank}(s) \\le '
    + 'k\\bigr],\\quad \\frac{\\partial m}{\\partial s} := 1',
  shines: 'The choice is made before attention, so the heads that are off need not be computed for that example.',
  fails:
    'Small models have few heads, so the steps are coarse. Often the same heads win for every example. Then a '
    + 'static mask does as well.',
  adapted:
    'The mean is over all positions, padding included. Gates are 0 or 1 and do not scale the head. This engine '
    + 'computes all heads and multiplies by 0. So it shows what a choice costs in accuracy, not the time that it '
    + 'saves.',
  knobs: {
    share: share('Active', 0.5, [0.01, 1], {
      step: 0.01,
      unit: 'of the heads',
      help: 'How many heads of a block work on one example, at least one.',
    }),
  },
  ...maskless,
  units: ({ share }): UnitHook => ({
    tensors: (site) => (site.kind === 'head' ? gateTensors(site) : []),
    forward: (nn, x, site, params, input) =>
      site.kind === 'head' ? gated(x, gatesOf(nn, params, site, input, countOf(share, site.count))) : x,
    active({ kind, count }) {
      if (kind !== 'head') return {}
      const chosen = countOf(share, count) / count
      return { enters: chosen, leaves: chosen }
    },
  }),
})

function gateTensors({ layer, count, width }: UnitSite): TensorSpec[] {
  return [
    {
      name: `${layer}/chooser/weights`,
      shape: [width, count],
      init: { kind: 'normal', deviation: 0.02 },
      prunable: false,
      decay: true,
    },
    {
      name: `${layer}/chooser/bias`,
      shape: [count],
      init: { kind: 'constant', value: 0 },
      prunable: false,
      decay: false,
    },
  ]
}

/** 1 for the chosen heads of an example, 0 for others, [batch, heads], with the gradient of the sigmoids. */
function gatesOf(
  nn: Nn,
  params: Readonly<Record<string, Tensor>>,
  { layer }: UnitSite,
  input: Tensor,
  count: number,
): Tensor {
  const [weights, bias] = [params[`${layer}/chooser/weights`], params[`${layer}/chooser/bias`]] as [Tensor, Tensor]
  const soft: Tensor = nn.linear(input.mean(1), weights, bias).sigmoid()
  return soft.add(nn.constant(() => nn.strongest(soft, count).greater(0).toFloat().sub(soft)))
}

/** x [batch, tokens, heads * size] times the gates. */
function gated(x: Tensor, gates: Tensor): Tensor {
  const [batch = 1, heads = 1] = gates.shape
  const tokens = x.shape[1] ?? 1
  return x
    .reshape([batch, tokens, heads, -1])
    .mul(gates.reshape([batch, 1, heads, 1]))
    .reshape(x.shape)
}
