import { Problem } from '../core/problem'
import { makeBuffers } from './watch'

/**
 * A storage buffer of zeros that can be copied from and to. `also` adds usages (`GPUBufferUsage.UNIFORM` for
 * `control`).
 * @param bytes rounded up to a multiple of 4, at least 16
 * @throws Problem when it is larger than the device binds or the memory is full
 */
export async function storageBuffer(
  device: GPUDevice,
  label: string,
  bytes: number,
  also: GPUBufferUsageFlags = 0,
): Promise<GPUBuffer> {
  const size = padded(bytes)
  const most = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize)
  if (size > most) throw doesNotFit(label, size, `this device binds at most ${megabytes(most)}`)
  return create(device, label, size, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST | also)
}

/** A uniform buffer of zeros. @param bytes rounded up to a multiple of 4, at least 16 */
export async function uniformBuffer(device: GPUDevice, label: string, bytes: number): Promise<GPUBuffer> {
  return create(
    device,
    label,
    padded(bytes),
    GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  )
}

/** Copies bytes into a buffer at `offset`, before every command that is submitted from now on. */
export function write(device: GPUDevice, buffer: GPUBuffer, data: ArrayBuffer | ArrayBufferView, offset = 0): void {
  if (ArrayBuffer.isView(data)) device.queue.writeBuffer(buffer, offset, data.buffer, data.byteOffset, data.byteLength)
  else device.queue.writeBuffer(buffer, offset, data)
}

async function create(device: GPUDevice, label: string, size: number, usage: GPUBufferUsageFlags): Promise<GPUBuffer> {
  const { made, full } = makeBuffers(device, () => device.createBuffer({ label, size, usage }))
  if ((await full) === null) return made
  made.destroy()
  throw doesNotFit(label, size, 'the device has no room for it')
}

function doesNotFit(label: string, bytes: number, why: string): Problem {
  return new Problem(
    `The model does not fit: buffer "${label}" needs ${megabytes(bytes)} (${bytes} bytes) and ${why}.`,
    'Choose a smaller model or batch, or close other pages that use the GPU.',
  )
}

function padded(bytes: number): number {
  return Math.max(16, Math.ceil(bytes / 4) * 4)
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`
}
