import * as shaders from '../../../shaders/transformer'
import type { EndingStep, Sums } from '../program'
import type { Tensor } from '../tfjs'
import { run } from './differentiable'
import { maskOf, uniformOf, type Call, type Parts } from './linearCall'
import { gridOf, productOf, type Result } from './product'
import type { Span } from './span'
import { slicesOf } from './tiles'

/** What gradients are asked for, and what they are computed from. */
export interface Asked {
  readonly outputGrad: Tensor
  /** Null where x has no gradient. */
  readonly input: { readonly shape: number[]; readonly weights: Span } | null
  /** Null where the parameters have none. */
  readonly own: { readonly x: Tensor } | null
}

/**
 * Gradients of x, of all weights and of all biases of a call of `linear`, so far as they are asked for, in one kernel:
 * none of them depends on another.
 */
export function linearGradient(call: Call, asked: Asked): readonly Tensor[] {
  const { outputGrad, input, own } = asked
  if (input && own && !call.tiles.paired) {
    // The gradient of x last, so that its kernel may still end in more.
    const gradients = linearGradient(call, { ...asked, input: null })
    return [...linearGradient(call, { ...asked, own: null }), ...gradients]
  }
  const masked = input && maskOf(call, input.weights)
  const parts = { weights: input?.weights, maskStart: masked?.start }
  const sums = own && sumsOf(call, parts)
  const code = codeOf(call, asked, masked !== null, sums?.slices)
  const { xGrad, ...gradients } = run<string, string>(call.backend, {
    label: input && own ? 'linearGradient' : input ? 'linearInput' : 'linearWeights',
    ...code(new Set()),
    inputs: { outputGrad, ...(input ? { weights: input.weights.tensor } : {}), ...masked?.inputs, ...own },
    outputs: input ? { xGrad: { shape: input.shape } } : {},
    ...(sums ? { sums } : { uniform: uniformOf(call, parts) }),
    ...(input ? { ending: { of: 'xGrad', steps: ['other', 'slope'], code } } : {}),
  })
  return [...(xGrad ? [xGrad] : []), ...Object.values(gradients)]
}

/** Gradients of the parameters: long sums, in slices where these keep the device busier. */
function sumsOf(call: Call, parts: Parts): Sums {
  const {
    tiles,
    size: { rows, fanIn, fanOut },
    weights,
    biases,
  } = call
  const [across, down, count] = gridOf({ rows: fanIn, columns: fanOut, count: weights.length }, tiles.products[0])
  const { slices, sliceRows } = slicesOf(rows, across * down * count, tiles.groups)
  return {
    parameters: Object.fromEntries([
      ...weights.map((tensor, i) => [`weights${i}`, tensor] as const),
      ...biases.map((tensor, i) => [`bias${i}`, tensor] as const),
    ]),
    slices,
    uniform: (gradients) => uniformOf(call, { ...parts, sliceRows, gradients }),
  }
}

/** The kernel by what the gradient of x ends with. */
function codeOf({ tiles, size, state, weights }: Call, { input, own }: Asked, masked: boolean, slices = 0) {
  const { rows, fanIn, fanOut } = size
  const results: Result[] = [
    ...(own ? [{ rows: fanIn, columns: fanOut, count: slices * weights.length }] : []),
    ...(input ? [{ rows, columns: fanIn, count: 1 }] : []),
  ]
  return (steps: ReadonlySet<EndingStep>) => {
    const sloped = steps.has('slope')
    const roles = {
      ...(own ? { weights: shaders.linearWeights } : {}),
      ...(input ? { input: shaders.linearInput(masked, { added: steps.has('other'), sloped }) } : {}),
    }
    const numbers = { factors: state.factors ?? 'f32', ...(sloped ? { kept: state.precision ?? 'f32' } : {}) }
    return productOf(results, tiles.products, (schedule) => shaders.linearGradient(roles, schedule, numbers))
  }
}
