import { gflopsOf, type ProductSize } from '../core/product'
import { timeInTurns } from '../gpu/timing'
import type { ArenaBackend } from './backend'
import { createOps } from './ops'
import { tf } from './tfjs'

/** GFLOP/s of the linear layer of the models: x [m, k] times weights [k, n] plus bias. */
export async function productRate(
  backend: ArenaBackend,
  size: ProductSize,
  times: { readonly rounds: number; readonly budgetMs: number },
): Promise<number> {
  const { m, k, n } = size
  await backend.activate()
  const random = tf.tensor1d([0, 0], 'int32')
  const { nn } = createOps(backend, { dropoutRate: 0, random, training: true })
  const inputs = [tf.randomUniform([m, k]), tf.randomUniform([k, n]), tf.zeros([n])] as const
  const product = () => nn.linear(...inputs)
  await backend.prepare(product)
  const recording = backend.record(product)
  const ns = await timeInTurns(backend.device, recording.commands, times)
  tf.dispose([recording.value, random, ...inputs])
  recording.dispose()
  return gflopsOf(
    size,
    ns.reduce((a, b) => a + b, 0),
  )
}
