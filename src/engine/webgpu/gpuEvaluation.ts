import type { Batch } from '../../data/batches'
import type { Readback } from '../../gpu/readback'
import { encodeCommands } from '../../tf/recording'
import type { GpuModel } from './gpuModel'

/**
 * Logits of all batches, [examples, classes] row by row: one submit a batch, all read at the end. @param attacked on
 * adversarial images, where the run attacks
 */
export async function evaluateOnGpu(
  device: GPUDevice,
  readback: Readback,
  model: GpuModel,
  batches: Iterable<Batch>,
  attacked: boolean,
): Promise<Float32Array> {
  const { logits, forward } = attacked && model.attacked ? model.attacked : model
  const parts: Promise<ArrayBuffer>[] = []
  for (const batch of batches) {
    model.feed(batch, 0)
    const encoder = device.createCommandEncoder({ label: 'evaluate' })
    encodeCommands(encoder, forward)
    const copy = readback.encode(encoder, logits.buffer, logits.offset, logits.size)
    device.queue.submit([encoder.finish()])
    parts.push(copy.read())
  }
  const read = await Promise.all(parts)
  const all = new Float32Array((read.length * logits.size) / 4)
  read.forEach((part, i) => all.set(new Float32Array(part), (i * logits.size) / 4))
  return all
}
