import { write } from '../../gpu/buffers'
import { createOps } from '../../tf/ops'
import { encodeCommands } from '../../tf/recording'
import { tf, type Tensor } from '../../tf/tfjs'
import type { Descent } from '../executor/descent'
import type { Batches } from '../executor/executor'
import type { RunningModel } from './gpuInputs'
import { ModelInputs } from './modelInputs'

/**
 * Moves numbers batch by batch, in a recording of its own that reads the arena's weights and is read back after each.
 */
export async function descendOnGpu(model: RunningModel, batches: Batches, descent: Descent): Promise<void> {
  const { backend, blueprint, parameters } = model
  const { numbers, examples } = descent
  await backend.activate()
  const params = Object.fromEntries(
    blueprint.layout.tensors.map((t) => [t.name, backend.view(parameters, 4 * t.offset, t.shape)]),
  )
  const inputs = new ModelInputs(backend.device, backend, blueprint.input, examples)
  const buffer = backend.device.createBuffer({
    label: 'descent',
    size: numbers.byteLength,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
  })
  const own = backend.view(buffer, 0, [numbers.length])
  const ops = createOps(backend, { dropoutRate: 0, random: inputs.random, training: false })
  const run = () => descent.slope({ blueprint, ops, params, x: inputs.x, labels: inputs.labels }, own)
  try {
    await backend.prepare(run)
    await replayed(model, run, inputs, batches, descent, buffer)
  } finally {
    inputs.dispose()
    tf.dispose([own, params])
    buffer.destroy()
  }
}

async function replayed(
  { backend, blueprint: { experiment }, readback }: RunningModel,
  run: () => Tensor,
  inputs: ModelInputs,
  batches: Batches,
  descent: Descent,
  numbers: GPUBuffer,
): Promise<void> {
  const recording = backend.record(run)
  try {
    const { buffer, offset, size } = backend.binding(recording.value)
    for await (const batch of batches) {
      inputs.feed(batch, experiment.seed, 0)
      write(backend.device, numbers, descent.numbers)
      const encoder = backend.device.createCommandEncoder({ label: 'descend' })
      encodeCommands(encoder, recording.commands)
      const copy = readback.encode(encoder, buffer, offset, size)
      backend.device.queue.submit([encoder.finish()])
      descent.move(new Float32Array(await copy.read()))
    }
  } finally {
    recording.value.dispose()
    recording.dispose()
  }
}
