import type { Readback } from '../../gpu/readback'
import type { ArenaBackend } from '../../tf/backend'
import type { InputSum } from '../../tf/inputSums'
import { createOps } from '../../tf/ops'
import { encodeCommands } from '../../tf/recording'
import { tf } from '../../tf/tfjs'
import type { Blueprint } from '../executor/blueprint'
import type { Batches } from '../executor/executor'
import { addSums, type Add, type Sums, type Watch } from '../executor/inputs'
import { ModelInputs } from './modelInputs'

/** A model on the device. */
export interface RunningModel {
  readonly blueprint: Blueprint
  readonly backend: ArenaBackend
  /** The arena's parameters. */
  readonly parameters: GPUBuffer
  readonly readback: Readback
}

/** Sums what is watched, in a recording of its own that reads the arena's weights; batches add up in doubles. */
export async function sumOnGpu(model: RunningModel, batches: Batches, watch: Watch, add: Add = addSums): Promise<Sums> {
  const { backend, blueprint, parameters } = model
  const { layout, experiment, input } = blueprint
  await backend.activate()
  const params = Object.fromEntries(
    layout.tensors.map((t) => [t.name, backend.view(parameters, 4 * t.offset, t.shape)]),
  )
  const inputs = new ModelInputs(backend.device, backend, input, experiment.training.batch)
  const ops = createOps(backend, { dropoutRate: 0, random: inputs.random, training: false })
  const run = () => watch({ blueprint, ops, params, x: inputs.x, labels: inputs.labels })
  try {
    await backend.prepare(run)
    return await replayed(model, run, inputs, batches, add)
  } finally {
    inputs.dispose()
    tf.dispose(params)
  }
}

async function replayed(
  { backend, blueprint: { experiment }, readback }: RunningModel,
  run: () => InputSum[],
  inputs: ModelInputs,
  batches: Batches,
  add: Add,
): Promise<Sums> {
  const recording = backend.record(run)
  const sums: Sums = new Map()
  try {
    for await (const batch of batches) {
      inputs.feed(batch, experiment.seed, 0)
      const encoder = backend.device.createCommandEncoder({ label: 'calibrate' })
      encodeCommands(encoder, recording.commands)
      const copies = recording.value.map(({ names, sum }) => {
        const { buffer, offset, size } = backend.binding(sum)
        return { names, copy: readback.encode(encoder, buffer, offset, size) }
      })
      backend.device.queue.submit([encoder.finish()])
      for (const { names, copy } of copies) add(sums, names, new Float32Array(await copy.read()))
    }
    return sums
  } finally {
    for (const { sum } of recording.value) sum.dispose()
    recording.dispose()
  }
}
