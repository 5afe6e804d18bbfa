/**
 * tfjs's WebGPU backend with four additions: tensors that are views into larger buffers (the arena), operations that
 * are our own kernels, kernels compiled ahead, and recording. tfjs rebuilds every operation in JavaScript at each call
 * (120 ms for 382 operations); a recording is made once and replayed as plain commands.
 *
 * A recording owns its buffers: constants uploaded while it is made and uniforms are never reused, every other buffer
 * is free for a later operation of the same recording as soon as its tensor is disposed, because commands run in order.
 */
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { messageOf, Problem } from '../core/problem'
import { countCompilation } from '../gpu/compiling'
import { compileKernel, createKernel, type Resource } from '../gpu/kernel'
import type { Choice, Tuner } from '../gpu/tuner'
import { dryRun, type DryRun, type TensorData } from './dryRun'
import type { Output, Program } from './program'
import { encodeCommands, RecordingEncoder, type Command } from './recording'
import { isRecorded, recordingBuffers, type BufferManager } from './recordingBuffers'
import { tunableOf, variantOf } from './tunable'
import { tf, type Tensor, type TensorInfo } from './tfjs'

type DataId = object

/** What we use of WebGPUBackend, its private members included: TypeScript does not let a subclass touch those. */
interface Internals {
  readonly device: GPUDevice
  readonly tensorMap: { get(id: DataId): TensorData }
  readonly pipelineCache: Record<string, GPUComputePipeline | Promise<GPUComputePipeline>>
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

export type { Alternative, Output, Program } from './program'

export class ArenaBackend extends Base {
  private readonly views = new Map<DataId, GPUBufferBinding>()
  private readonly gradientPlaces = new WeakMap<DataId, { readonly buffer: GPUBuffer; readonly offset: number }>()
  private placed = new WeakSet<DataId>()
  private recording: RecordingEncoder | null = null
  private dry: DryRun | null = null
  /** Chooses between the alternatives of programs; without one, all run as their default. */
  tuner: Tuner | null = null

  /**
   * A tensor that lives at [offset, offset + size) bytes of a buffer that the caller owns. Never read it with
   * `.data()`.
   */
  view(buffer: GPUBuffer, offset: number, shape: readonly number[], dtype: 'float32' | 'int32' = 'float32'): Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.viewInfo(buffer, offset, shape, dtype), this as never)
  }

  /**
   * Says where the gradient of a parameter belongs. Of the operations of a recording that compute it, the first writes
   * it there; further uses of the parameter get tensors of their own, which tfjs adds up.
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
    if (data.resource && !this.recording && isRecorded(data.resource)) delete data.resource
    else super.releaseResource(id)
  }

  override uploadToGPU(id: DataId): void {
    if (this.dry) this.dry.upload(this.tensorMap.get(id))
    else super.uploadToGPU(id)
  }

  override tensorToBinding(tensor?: TensorInfo): GPUBufferBinding | null {
    return (tensor && this.views.get(tensor.dataId)) ?? super.tensorToBinding(tensor)
  }

  /** Where a tensor's floats lie; forces an upload if they are still on the CPU. */
  binding(tensor: TensorInfo): { buffer: GPUBuffer; offset: number; size: number } {
    this.uploadToGPU(tensor.dataId)
    const binding = this.tensorToBinding(tensor)
    if (!binding)
      throw new Problem('A tensor has no buffer on the GPU.', 'This is a mistake in an operation; please report it.')
    return { buffer: binding.buffer, offset: binding.offset ?? 0, size: 4 * tensor.shape.reduce((a, b) => a * b, 1) }
  }

  /** Runs one of our kernels, or records it. */
  run(program: Program): Record<string, TensorInfo> {
    const outputs = Object.fromEntries(
      Object.entries(program.outputs).map(([name, output]) => [name, this.makeOutput(output)]),
    )
    if (this.dry) {
      this.dry.programs.push(program)
      for (const tensor of Object.values({ ...outputs, ...program.inputs })) this.uploadToGPU(tensor.dataId)
      return outputs
    }
    const { code, grid } = variantOf(program, this.tuner)
    const kernel = compileKernel(this.device, program.label, code)
    const bound: Record<string, Resource> = {}
    for (const [name, tensor] of Object.entries({ ...outputs, ...program.inputs })) {
      bound[name] = this.binding(tensor)
      this.commandQueueOwnedIds.add(tensor.dataId)
    }
    if (program.uniform) bound.shape = this.uniformBuffer(program.uniform)
    const dispatch = kernel.bind(bound, grid)
    this.ensureCommandEncoderReady()
    this.endComputePassEncoder()
    const command = { kind: 'dispatch', ...dispatch } as const
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

  /**
   * Compiles whatever kernels `f` needs, all at once and without holding anything up; `record(f)` then compiles
   * nothing. With a tuner, kernels with alternatives are timed; `progress` hears of that.
   * @returns what is chosen for the kernels that have alternatives, by label and shapes
   * @throws Problem with the line when one of them does not compile
   */
  async prepare(
    f: () => unknown,
    progress: (done: number, total: number) => void = () => undefined,
  ): Promise<Readonly<Record<string, Choice>>> {
    const { tuner } = this
    const programs = dryRun(f, (run) => {
      this.dry = run
    })
    const ours = programs.map((program) => createKernel(this.device, program.label, variantOf(program, tuner).code))
    await Promise.all([...ours, ...this.pendingPipelines()])
    if (!tuner) return {}
    const tunables = programs.filter((program) => program.alternatives?.length).map(tunableOf)
    await tuner.measure(tunables, progress)
    return Object.fromEntries(
      tunables.flatMap((tunable) => {
        const choice = tuner.choice(tunable)
        return choice ? [[tunable.name, choice]] : []
      }),
    )
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

  /** tfjs's own programs that compile; in its cache, promises give way to what they promise. */
  private pendingPipelines(): Promise<void>[] {
    const cache = this.pipelineCache
    return Object.entries(cache).flatMap(([key, pipeline]) =>
      pipeline instanceof Promise ? [this.cachePipeline(key, pipeline)] : [],
    )
  }

  private async cachePipeline(key: string, pending: Promise<GPUComputePipeline>): Promise<void> {
    try {
      this.pipelineCache[key] = await countCompilation(this.device, pending)
    } catch (error) {
      Reflect.deleteProperty(this.pipelineCache, key)
      throw new Problem(
        `A kernel of tfjs does not compile: ${messageOf(error)}`,
        'Take the wasm backend, and please report this with the name of the GPU.',
        { cause: error },
      )
    }
  }

  private viewInfo(
    buffer: GPUBuffer,
    offset: number,
    shape: readonly number[],
    dtype: 'float32' | 'int32',
  ): TensorInfo {
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

  private uniformBuffer(contents: ArrayBuffer): GPUBuffer {
    const size = Math.ceil(contents.byteLength / 16) * 16
    const buffer = this.bufferManager.acquireBuffer(size, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST)
    this.device.queue.writeBuffer(buffer, 0, contents)
    this.uniformPendingDisposal.push(buffer)
    return buffer
  }
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
