import { Problem } from '../core/problem'
import { makeBuffers, refusal, watchDevice } from './watch'

/** A copy that was encoded but not yet read. Call `read` once, after the encoder's commands were submitted. */
export interface PendingRead {
  read(): Promise<ArrayBuffer>
}

/**
 * The only way in which numbers leave the GPU. Staging buffers are reused, reads may overlap, and every read sees the
 * commands submitted before it.
 */
export class Readback {
  /** Idle staging buffers by size. */
  private readonly idle = new Map<number, GPUBuffer[]>()
  private readonly all = new Set<GPUBuffer>()

  constructor(private readonly device: GPUDevice) {}

  /** `bytes` bytes of a buffer from `offset` (a multiple of 4). */
  async read(buffer: GPUBuffer, offset = 0, bytes = buffer.size - offset): Promise<ArrayBuffer> {
    const encoder = this.device.createCommandEncoder({ label: 'readback' })
    const pending = this.encode(encoder, buffer, offset, bytes)
    this.device.queue.submit([encoder.finish()])
    return pending.read()
  }

  /** The same with the copy encoded into the caller's encoder, so that it belongs to the caller's submit. */
  encode(encoder: GPUCommandEncoder, buffer: GPUBuffer, offset = 0, bytes = buffer.size - offset): PendingRead {
    const staging = this.acquire(bytes)
    encoder.copyBufferToBuffer(buffer, offset, staging, 0, Math.ceil(bytes / 4) * 4)
    return { read: () => this.finish(staging, bytes) }
  }

  /**
   * Buffers as they are now, whole: one submit copies them, and they are read when it is done, whatever is submitted
   * meanwhile. The staging buffers are freed then, for this is rare and large.
   * @throws Problem when the device has no room for the copies, or refuses to copy; it is as good as before then
   */
  async copy(buffers: readonly GPUBuffer[]): Promise<ArrayBuffer[]> {
    const { device } = this
    const { made: copies, full } = makeBuffers(device, () => buffers.map(({ size }) => this.staging(size)))
    // Copying into a buffer that there was no room for is refused, too.
    device.pushErrorScope('validation')
    const encoder = device.createCommandEncoder({ label: 'copy' })
    for (const [i, copy] of copies.entries()) encoder.copyBufferToBuffer(buffers[i] as GPUBuffer, 0, copy, 0, copy.size)
    device.queue.submit([encoder.finish()])
    const refused = device.popErrorScope()
    try {
      const [why, error] = await watchDevice(device, Promise.all([full, refused]))
      if (why !== null) throw noRoom(buffers)
      if (error) throw refusal(error.message)
      await watchDevice(device, Promise.all(copies.map((copy) => copy.mapAsync(GPUMapMode.READ))))
      return copies.map((copy) => copy.getMappedRange().slice(0))
    } finally {
      for (const copy of copies) {
        copy.destroy()
        this.all.delete(copy)
      }
    }
  }

  /** Frees the staging buffers; reads under way reject. */
  dispose(): void {
    for (const buffer of this.all) buffer.destroy()
    this.all.clear()
    this.idle.clear()
  }

  private acquire(bytes: number): GPUBuffer {
    const size = 2 ** Math.ceil(Math.log2(Math.max(256, bytes)))
    const reused = this.idle.get(size)?.pop()
    if (reused) return reused
    return this.staging(size)
  }

  private staging(size: number): GPUBuffer {
    const buffer = this.device.createBuffer({
      label: 'staging',
      size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    })
    this.all.add(buffer)
    return buffer
  }

  private async finish(staging: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    const size = Math.ceil(bytes / 4) * 4
    await watchDevice(this.device, staging.mapAsync(GPUMapMode.READ, 0, size))
    const copy = staging.getMappedRange(0, size).slice(0, bytes)
    staging.unmap()
    this.idle.set(staging.size, [...(this.idle.get(staging.size) ?? []), staging])
    return copy
  }
}

function noRoom(buffers: readonly GPUBuffer[]): Problem {
  const bytes = buffers.reduce((sum, { size }) => sum + size, 0)
  return new Problem(
    `The device has no room for a copy of the run's state (${bytes} bytes).`,
    'Choose a smaller model, or close other pages that use the GPU.',
  )
}
