import type { ArenaBackend } from '../backend'
import type { EndingStep, Program, Sums } from '../program'
import { tf, type Tensor, type TensorInfo } from '../tfjs'

type Outputs<Name extends string> = Readonly<Record<Name, Program['outputs'][string]>>

/** Runs a kernel; its outputs and the gradients that it sums are tensors that tfjs tidies up. */
export function run<Name extends string, Parameter extends string = never>(
  backend: ArenaBackend,
  program: Omit<Program, 'outputs' | 'sums'> & {
    readonly outputs: Outputs<Name>
    readonly sums?: Sums<Parameter>
  },
): Record<Name | Parameter, Tensor> {
  const outputs = Object.entries(backend.run(program)).map(([name, info]) => [name, tensorOf(info)])
  return Object.fromEntries(outputs) as Record<Name | Parameter, Tensor>
}

/** A gradient after its kernel, the last one, did more to it; undefined where it cannot (`Program.ending`). */
export function ended(backend: ArenaBackend, gradient: Tensor, step: EndingStep, tensor: Tensor): Tensor | undefined {
  const info = backend.end(gradient, step, tensor)
  return info && tensorOf(info)
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
