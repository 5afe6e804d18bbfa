/** What tfjs asks for buffers. */
export interface BufferManager {
  acquireBuffer(size: number, usage: GPUBufferUsageFlags, mapped?: boolean, reuse?: boolean): GPUBuffer
  releaseBuffer(buffer: GPUBuffer, reuse?: boolean): void
  dispose(): void
}

const recorded = new WeakSet<GPUBuffer>()

/** Whether a buffer belongs to some recording. */
export function isRecorded(buffer: GPUBuffer): boolean {
  return recorded.has(buffer)
}

/** A buffer manager whose constants and uniforms are never handed out twice. */
export function recordingBuffers(device: GPUDevice, shared: BufferManager) {
  const all = new Set<GPUBuffer>()
  const free = new Map<string, GPUBuffer[]>()
  const pinned = new WeakSet<GPUBuffer>()
  const key = (size: number, usage: number) => `${size} ${usage}`
  const manager: BufferManager = {
    acquireBuffer(size, usage, mapped = false) {
      const recycled = mapped || usage & GPUBufferUsage.UNIFORM ? undefined : free.get(key(size, usage))?.pop()
      if (recycled) return recycled
      const buffer = device.createBuffer({ size, usage, mappedAtCreation: mapped })
      all.add(buffer)
      recorded.add(buffer)
      // A buffer filled from the CPU is a constant of the recording: were it reused for a later result, a replay would
      // read that result in its place, and the loss turns NaN on the second step.
      if (mapped) pinned.add(buffer)
      return buffer
    },
    releaseBuffer(buffer, reuse) {
      if (!all.has(buffer)) {
        shared.releaseBuffer(buffer, reuse)
        return
      }
      if (pinned.has(buffer) || buffer.usage & GPUBufferUsage.UNIFORM) return
      const slot = key(buffer.size, buffer.usage)
      free.set(slot, [...(free.get(slot) ?? []), buffer])
    },
    dispose() {
      for (const buffer of all) buffer.destroy()
    },
  }
  return { manager, bytes: () => [...all].reduce((sum, b) => sum + b.size, 0), dispose: () => manager.dispose() }
}
