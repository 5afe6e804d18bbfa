import type { Tensor } from '@tensorflow/tfjs'
import { integer, number } from '../core/knob'
import type { Dealt, Init, LinearOptions, Nn, Route, TensorSpec } from '../core/model'
import { linear, linearTensors, mlp, mlpTensors, type BlockSize, type Params } from './blocks'

const several = { knob: 'experts', is: [2, 3, 4, 5, 6, 7, 8] } as const

/**
 * A mixture of experts instead of a block's MLP (Fedus et al., arXiv:2101.03961): the knobs of models that offer it.
 */
export const mixtureKnobs = {
  experts: integer('Experts', 1, [1, 8], {
    help:
      'How many MLPs a block has. A router sends each token to one of them (Switch Transformer, '
      + 'arXiv:2101.03961). 1 is the plain MLP.',
  }),
  capacity: number('Capacity', 1.25, [0.25, 4], {
    step: 0.05,
    unit: 'times an even share',
    help:
      'How many tokens of a batch an expert takes, in even shares. Tokens that find it full skip it on the '
      + 'residual.',
    when: several,
  }),
  balance: number('Balance', 0.01, [0, 1], {
    step: 0.01,
    help:
      'Strength of the loss that makes routers use all experts evenly: experts times the sum of (share of '
      + 'tokens) x (mean probability).',
    when: several,
  }),
} as const

/** Values of `mixtureKnobs`. */
export interface Mixture {
  readonly experts: number
  readonly capacity: number
  readonly balance: number
}

/**
 * Tensors of a block's MLP, or of its experts and their router. One token uses all of an expert or nothing of it: on
 * average 1 / experts.
 */
export function mixtureTensors(name: string, size: BlockSize, { experts }: Mixture, init?: Init): TensorSpec[] {
  if (experts === 1) return mlpTensors(name, size, init)
  const all = Array.from({ length: experts }, (_, e) => mlpTensors(expertName(name, e), size, init)).flat()
  return [
    ...all.map((t) => ({ ...t, active: 1 / experts })),
    ...linearTensors(`${name}/router`, size.width, experts, false, init),
  ]
}

/**
 * A block's MLP, or the one expert that the router chooses for each token, times its probability; then what the options
 * ask for. Tokens are dealt out in the order of the batch; padding (id 0 in `ids`) gets none.
 */
export function mixture(
  nn: Nn,
  params: Params,
  name: string,
  x: Tensor,
  values: Mixture,
  { dropout, residual }: LinearOptions,
  ids?: Tensor,
): Tensor {
  if (values.experts === 1)
    return mlp(nn, params, name, x, {
      ...(dropout === undefined ? {} : { dropout }),
      ...(residual ? { residual } : {}),
    })
  const rows: Tensor = x.reshape([-1, x.shape.at(-1) ?? 1])
  const routed = routes(nn, params, name, rows, values, ids)
  const dealt = nn.take(rows, routed.token, routed.place)
  const each = dealt
    .split(values.experts, 0)
    .map((part, e) => nn.among(placesOf(routed, rows, part, e), () => mlp(nn, params, expertName(name, e), part, {})))
  const [first = rows, ...others] = each
  const answers = nn.take(first.concat(others, 0), routed.place, routed.token).mul(routed.weight).reshape(x.shape)
  const kept = dropout === undefined ? answers : nn.dropout(answers, dropout)
  return residual ? residual.add(kept) : kept
}

/** Which of the tokens `rows` an expert's part holds. */
function placesOf(
  { token }: Route,
  { shape: [tokens = 1] }: Tensor,
  { shape: [capacity = 0] }: Tensor,
  e: number,
): Dealt {
  return { tokens, token: () => token.slice([e * capacity], [capacity]) }
}

function expertName(name: string, e: number): string {
  return `${name}/expert${e}`
}

/** Where tokens go, and the probability [tokens, 1] of the expert that each asks for. */
function routes(
  nn: Nn,
  params: Params,
  name: string,
  rows: Tensor,
  { experts, capacity, balance }: Mixture,
  ids?: Tensor,
) {
  const [tokens = 1] = rows.shape
  const probabilities: Tensor = linear(nn, params, `${name}/router`, rows).softmax()
  const real = ids && nn.constant(() => ids.notEqual(0).toFloat().reshape([tokens, 1]))
  const route = nn.route(
    real ? nn.constant(() => probabilities.mul(real)) : probabilities,
    Math.ceil((capacity * tokens) / experts),
  )
  const asked = nn.constant(() => route.expert.oneHot(experts, 1, 0).toFloat())
  nn.penalise(() => unevenness(probabilities, asked, real).mul(balance))
  return { ...route, weight: probabilities.mul(asked).sum(1, true) }
}

/**
 * experts * sum over experts of (share of tokens that ask for it) * (mean probability of it): 1 at its least, where use
 * is even.
 */
function unevenness(probabilities: Tensor, asked: Tensor, real?: Tensor): Tensor {
  const [tokens = 1, experts = 1] = asked.shape
  const means = (x: Tensor): Tensor => (real ? x.mul(real).sum(0).div(real.sum().maximum(1)) : x.sum(0).div(tokens))
  return means(asked).mul(means(probabilities)).sum().mul(experts)
}
