/** Compares an operation of ours with its composition: same backend, same inputs, values and every gradient. */
import { expectClose, lehmer, testDevice, type Tolerance } from '../../gpu/testing'
import type { ArenaBackend } from '../backend'
import { installBackend } from '../installBackend'
import { tf, type Tensor } from '../tfjs'

/** The backend on the device of the test file. */
export async function testBackend(): Promise<ArenaBackend> {
  const device = await testDevice()
  return installBackend(device, device.adapterInfo)
}

/** Uniform in [-1, 1), the same for the same seed. */
export function noise(shape: number[], seed: number): Tensor {
  const next = lehmer(seed)
  return tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next), shape)
}

type Operation = (...inputs: Tensor[]) => Tensor

/** The value of an operation and its gradients for a given gradient of the value, as numbers. */
export async function evaluate(operation: Operation, inputs: readonly Tensor[]): Promise<Float32Array[]> {
  const tensors = tf.tidy(() => {
    const value = operation(...inputs)
    const valueGrad = value.rank === 0 ? tf.scalar(0.7) : noise(value.shape, 99)
    return [value, ...tf.grads(operation)([...inputs], valueGrad)]
  })
  const numbers = await Promise.all(tensors.map((tensor) => tensor.data() as Promise<Float32Array>))
  tf.dispose(tensors)
  return numbers
}

/** Fails where value or gradients differ by more than 1e-5 + 1e-4 relative. */
export async function expectAgreement(
  ours: Operation,
  composition: Operation,
  inputs: readonly Tensor[],
): Promise<void> {
  const tolerance: Tolerance = { absolute: 1e-5, relative: 1e-4 }
  const [actual, expected] = [await evaluate(ours, inputs), await evaluate(composition, inputs)]
  actual.forEach((numbers, i) => {
    expectClose(i === 0 ? 'value' : `gradient of input ${i - 1}`, numbers, expected[i] as Float32Array, tolerance)
  })
}
