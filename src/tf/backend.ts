/**
 * tfjs's WebGPU backend with three additions: tensors that are views into larger buffers (the arena), operations that
 * are our own kernels, and recording. tfjs rebuilds every operation in JavaScript at each call (120 ms for 382
 * operations); a recording is made once and replayed as plain commands.
 *
 * A recording owns its buffers: constants uploaded while it is made and uniforms are never reused, every other buffer is
 * free for a later operation of the same recording as soon as its tensor is disposed, because commands run in order.
 */
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { Problem } from '../core/problem'
import { compileKernel, type Kernel, type Resource } from '../gpu/kernel'
import { encodeCommands, RecordingEncoder, type Command } from './recording'
import { tf, type Tensor, type TensorInfo } from './tfjs'

type DataId = object

interface BufferManager {
  acquireBuffer(size: number, usage: GPUBufferUsageFlags, mapped?: boolean, reuse?: boolean): GPUBuffer
  releaseBuffer(buffer: GPUBuffer, reuse?: boolean): void
  dispose(): void
}

/** What we use of WebGPUBackend, its private members included: TypeScript does not let a subclass touch those. */
interface Internals {
  readonly device: GPUDevice
  readonly tensorMap: { get(id: DataId): { resource?: GPUBuffer; external?: boolean } }
  bufferManager: BufferManager
  commandEncoder: GPUCommandEncoder | RecordingEncoder | null
  commandQueueOwnedIds: { add(id: DataId): unknown; has(id: DataId): boolean }
  computePassEncoder: unknown
  uniformPendingDisposal: GPUBuffer[]
  stagingPendingDisposal: GPUBuffer[]
  tensorToBinding(tensor?: TensorInfo): GPUBufferBinding | null
  recordAndSubmit(program: unknown, output: TensorInfo, inputs: TensorInfo[], uniforms?: unknown): void
  submitQueue(): void
  ensureCommandEncoderReady(): void
  endComputePassEncoder(): void
  makeTensorInfo(shape: number[], dtype: 'float32' | 'int32'): TensorInfo
  uploadToGPU(id: DataId): void
  disposeData(id: DataId, force?: boolean): boolean
  releaseResource(id: DataId): void
  dispose(): void
}

const Base = WebGPUBackend as unknown as new (device: GPUDevice, info?: GPUAdapterInfo) => Internals

/** Commands that were recorded, what the recorded function returned, and the buffers they need. */
export interface Recording<T> {
  readonly value: T
  readonly commands: readonly Command[]
  /** Bytes of the buffers that the recording owns. */
  readonly bytes: number
  dispose(): void
}

/** One of our kernels as a differentiable operation's forward or backward part. Tensors are bound by their WGSL names. */
export interface Program {
  readonly label: string
  readonly code: string
  readonly inputs: Readonly<Record<string, TensorInfo>>
  readonly outputs: Readonly<Record<string, Output>>
  /** Contents of the binding `shape`, if the kernel has one. */
  readonly uniform?: ArrayBuffer
  readonly grid: readonly [number, number, number]
  /**
   * Other ways to compute the same outputs from the same inputs and uniform, adding in the same order, so that every choice gives
   * the same bits. `code` and `grid` above are the default.
   */
  readonly alternatives?: readonly Alternative[]
}

/** Another way to compute a program's outputs; `name` says what differs, such as `tile 8x8`. */
export interface Alternative {
  readonly name: string
  readonly code: string
  readonly grid: readonly [number, number, number]
}

/** A result of a program: a fresh tensor, or the gradient of a parameter, written where `placeGradient` said. */
export interface Output {
  readonly shape: number[]
  readonly dtype?: 'float32' | 'int32'
  readonly gradientOf?: TensorInfo
}

export class ArenaBackend extends Base {
  private readonly views = new Map<DataId, GPUBufferBinding>()
  private readonly kernels = new Map<string, Kernel>()
  private readonly gradientPlaces = new WeakMap<DataId, { readonly buffer: GPUBuffer; readonly offset: number }>()
  private placed = new WeakSet<DataId>()
  private recording: RecordingEncoder | null = null

  /** A tensor that lives at [offset, offset + size) bytes of a buffer that the caller owns. Never read it with `.data()`. */
  view(buffer: GPUBuffer, offset: number, shape: readonly number[], dtype: 'float32' | 'int32' = 'float32'): Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.viewInfo(buffer, offset, shape, dtype), this as never)
  }

  /**
   * Says where the gradient of a parameter belongs. Of the operations of a recording that compute it, the first writes it
   * there; further uses of the parameter get tensors of their own, which tfjs adds up.
   */
  placeGradient(parameter: TensorInfo, buffer: GPUBuffer, offset: number): void {
    this.gradientPlaces.set(parameter.dataId, { buffer, offset })
  }

  override disposeData(id: DataId, force?: boolean): boolean {
    const gone = super.disposeData(id, force)
    if (gone) this.views.delete(id)
    return gone
  }

  /** Tensors that outlive a recording leave their buffers to it. */
  override releaseResource(id: DataId): void {
    const data = this.tensorMap.get(id)
    if (data.resource && !this.recording && recorded.has(data.resource)) delete data.resource
    else super.releaseResource(id)
  }

  override tensorToBinding(tensor?: TensorInfo): GPUBufferBinding | null {
    return (tensor && this.views.get(tensor.dataId)) ?? super.tensorToBinding(tensor)
  }

  /** Where a tensor's floats lie; forces an upload if they are still on the CPU. */
  binding(tensor: TensorInfo): { buffer: GPUBuffer; offset: number; size: number } {
    this.uploadToGPU(tensor.dataId)
    const binding = this.tensorToBinding(tensor)
    if (!binding) throw new Problem('A tensor has no buffer on the GPU.', 'This is a mistake in an operation; please report it.')
    return { buffer: binding.buffer, offset: binding.offset ?? 0, size: 4 * tensor.shape.reduce((a, b) => a * b, 1) }
  }

  /** Runs one of our kernels, or records it. */
  run(program: Program): Record<string, TensorInfo> {
    const kernel = this.kernelOf(program)
    const outputs: Record<string, TensorInfo> = {}
    for (const [name, output] of Object.entries(program.outputs)) outputs[name] = this.makeOutput(output)
    const bound: Record<string, Resource> = {}
    for (const [name, tensor] of Object.entries({ ...outputs, ...program.inputs })) {
      bound[name] = this.binding(tensor)
      this.commandQueueOwnedIds.add(tensor.dataId)
    }
    if (program.uniform) bound.shape = this.uniformBuffer(program.uniform)
    const { pipeline, bindGroup, grid } = kernel.bind(bound, program.grid)
    this.ensureCommandEncoderReady()
    this.endComputePassEncoder()
    const command = { kind: 'dispatch', pipeline, bindGroup, grid } as const
    if (this.recording) this.recording.commands.push(command)
    else encodeCommands(this.commandEncoder as GPUCommandEncoder, [command])
    return outputs
  }

  /** Makes tfjs use this backend (again). */
  async activate(): Promise<void> {
    await tf.setBackend('webgpu')
  }

  /** Submits what eager operations have encoded so far. */
  flush(): void {
    this.ensureCommandEncoderReady()
    this.endComputePassEncoder()
    this.submitQueue()
  }

  override submitQueue(): void {
    if (!this.recording) super.submitQueue()
  }

  /** Writes down the commands of `f` without running them. Tensors that outlive the call belong to the recording. */
  record<T>(f: () => T): Recording<T> {
    this.flush()
    const shared = { manager: this.bufferManager, owned: this.commandQueueOwnedIds }
    const own = recordingBuffers(this.device, shared.manager)
    const upload = this.device.createCommandEncoder()
    this.bufferManager = own.manager
    this.commandQueueOwnedIds = { add: () => undefined, has: () => false }
    this.recording = new RecordingEncoder(() => upload)
    this.placed = new WeakSet()
    this.commandEncoder = this.recording
    try {
      const value = f()
      this.endComputePassEncoder()
      return { value, commands: this.recording.commands, bytes: own.bytes(), dispose: own.dispose }
    } finally {
      this.endComputePassEncoder()
      this.recording = null
      this.commandEncoder = null
      this.uniformPendingDisposal = []
      this.stagingPendingDisposal = []
      this.bufferManager = shared.manager
      this.commandQueueOwnedIds = shared.owned
      this.device.queue.submit([upload.finish()])
    }
  }

  private viewInfo(buffer: GPUBuffer, offset: number, shape: readonly number[], dtype: 'float32' | 'int32'): TensorInfo {
    const info = this.makeTensorInfo([...shape], dtype)
    // External buffers are neither uploaded to nor released by tfjs.
    Object.assign(this.tensorMap.get(info.dataId), { resource: buffer, external: true })
    this.views.set(info.dataId, { buffer, offset, size: 4 * shape.reduce((a, b) => a * b, 1) })
    return info
  }

  private makeOutput({ shape, dtype = 'float32', gradientOf }: Output): TensorInfo {
    const place = this.recording && gradientOf && this.gradientPlaces.get(gradientOf.dataId)
    if (!place || this.placed.has(gradientOf.dataId)) return this.makeTensorInfo([...shape], dtype)
    this.placed.add(gradientOf.dataId)
    return this.viewInfo(place.buffer, place.offset, shape, dtype)
  }

  private kernelOf(program: Program): Kernel {
    let kernel = this.kernels.get(program.code)
    if (!kernel) {
      kernel = compileKernel(this.device, program.label, program.code)
      this.kernels.set(program.code, kernel)
    }
    return kernel
  }

  private uniformBuffer(contents: ArrayBuffer): GPUBuffer {
    const size = Math.ceil(contents.byteLength / 16) * 16
    const buffer = this.bufferManager.acquireBuffer(size, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST)
    this.device.queue.writeBuffer(buffer, 0, contents)
    this.uniformPendingDisposal.push(buffer)
    return buffer
  }
}

/** Buffers that belong to some recording. */
const recorded = new WeakSet<GPUBuffer>()

/** A buffer manager whose constants and uniforms are never handed out twice. */
function recordingBuffers(device: GPUDevice, shared: BufferManager) {
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
      if (!all.has(buffer)) { shared.releaseBuffer(buffer, reuse); return }
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

/** Makes tfjs run on our device: tfjs asks for too few limits when it makes its own. */
export async function installBackend(device: GPUDevice, info: GPUAdapterInfo): Promise<ArenaBackend> {
  // tfjs registers its own only where it sees WebGPU when it loads; its typings do not say so.
  const registered: unknown = tf.findBackendFactory('webgpu')
  if (registered) tf.removeBackend('webgpu')
  pretendNavigator()
  const backend = new ArenaBackend(device, info)
  tf.registerBackend('webgpu', () => backend as unknown as ReturnType<typeof tf.backend>, 10)
  await backend.activate()
  return backend
}

/** In Node there is no navigator.gpu; tfjs refuses to start without one, though it uses the device only. */
function pretendNavigator(): void {
  if ((globalThis.navigator as Navigator | undefined)?.gpu) return
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: {}, userAgent: 'node' }, configurable: true })
}
