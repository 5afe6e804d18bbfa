/** Gradients of parameters that are sums over rows: computed in slices where one pass does not keep the device busy. */
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend, Output } from '../backend'
import type { Tensor } from '../tfjs'
import { run } from './differentiable'

/** Outputs for the gradients of two parameters: as they are, or in slices that `sumSlices` adds up. */
export function slicedGradients([first, second]: readonly [Tensor, Tensor], slices: number): readonly [Output, Output] {
  const output = (parameter: Tensor): Output => {
    return slices === 1 ? { shape: parameter.shape, gradientOf: parameter } : { shape: [slices, ...parameter.shape] }
  }
  return [output(first), output(second)]
}

/**
 * Gradients of one or three pairs of parameters from their slices [slices, pairs, ...], which are added up in order and
 * freed.
 * @param parameters all firsts, then all seconds; so is the answer
 */
export function sumSlices(
  backend: ArenaBackend,
  [firstSlices, secondSlices]: readonly [Tensor, Tensor],
  parameters: readonly (readonly Tensor[])[],
): readonly Tensor[] {
  const outputs = parameters.flatMap((kind, k) =>
    kind.map((parameter, i): [string, Output] => {
      return [`${k === 0 ? 'first' : 'second'}${i}`, { shape: parameter.shape, gradientOf: parameter }]
    }),
  )
  const sums = run(backend, {
    label: 'sumSlices',
    code: shaders.sumSlices[outputs.length === 2 ? 'one' : 'three'],
    inputs: { firstSlices, secondSlices },
    outputs: Object.fromEntries(outputs),
    grid: workgroups(
      parameters.flat().reduce((sum, parameter) => sum + parameter.size, 0),
      256,
    ),
  })
  firstSlices.dispose()
  secondSlices.dispose()
  return outputs.map(([name]) => sums[name] as Tensor)
}
