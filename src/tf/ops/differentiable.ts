import type { ArenaBackend, Program } from '../backend'
import { tf, type Tensor, type TensorInfo } from '../tfjs'

type Outputs<Name extends string> = Readonly<Record<Name, Program['outputs'][string]>>

/** Runs a kernel; its outputs are tensors that tfjs tidies up. */
export function run<Name extends string>(
  backend: ArenaBackend,
  program: Omit<Program, 'outputs'> & { readonly outputs: Outputs<Name> },
): Record<Name, Tensor> {
  const outputs = Object.entries(backend.run(program)).map(([name, info]) => [name, tensorOf(info)])
  return Object.fromEntries(outputs) as Record<Name, Tensor>
}

/** The two directions of an operation that tfjs cannot differentiate itself. */
export interface Directions {
  /**
   * The value, and the tensors that the gradient needs; these live until it was taken. @param wanted whether it will be
   */
  readonly forward: (wanted: boolean) => { readonly value: Tensor; readonly keep: readonly Tensor[] }
  /** Gradients for each input, in their order. */
  readonly backward: (valueGrad: Tensor, kept: readonly Tensor[]) => readonly Tensor[]
}

/** Puts an operation on tfjs's tape: a function of `inputs`, all else is constant. */
export function differentiable(inputs: readonly Tensor[], { forward, backward }: Directions): Tensor {
  const wanted = tf.engine().isTapeOn()
  const operation = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as (tensors: Tensor[]) => void
    const { value, keep } = forward(wanted)
    save([...keep])
    return { value, gradFunc: (valueGrad: Tensor, kept: Tensor[]) => [...backward(valueGrad, kept)] }
  })
  return operation(...inputs)
}

const constant = new WeakSet<Tensor>()

/** Says that nobody will ask for the gradient of a tensor, so that operations on it do not compute it. */
export function withoutGradient(tensor: Tensor): Tensor {
  constant.add(tensor)
  return tensor
}

/** Whether `withoutGradient` was said of it. */
export function isWithoutGradient(tensor: Tensor): boolean {
  return constant.has(tensor)
}

function tensorOf(info: TensorInfo): Tensor {
  return tf.engine().makeTensorFromTensorInfo(info)
}
