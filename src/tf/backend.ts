/**
 * tfjs's WebGPU backend with four additions: tensors that are views into larger buffers (the arena), operations that
 * are our own kernels, kernels compiled ahead, and recording. tfjs rebuilds every operation in JavaScript at each call
 * (120 ms for 382 operations); a recording is made once and replayed as plain commands.
 *
 * A recording owns its buffers: constants uploaded while it is made and uniforms are never reused, every other buffer
 * is free for a later operation of the same recording as soon as its tensor is disposed, because commands run in order.
 */
import { Problem } from '../core/problem'
import { compileKernel, createKernel, type Resource } from '../gpu/kernel'
import type { Choice, Tuner } from '../gpu/tuner'
import { dryRun, type DryRun } from './dryRun'
import { GradientPlaces } from './gradientPlaces'
import { LastKernel } from './lastKernel'
import { mapValues } from './mapValues'
import { pendingPipelines } from './pendingPipelines'
import { compactPlace, sizeOf, type EndingStep, type Output, type Program, type Sums } from './program'
import { encodeCommands, RecordingEncoder, type Command, type Planned } from './recording'
import { isRecorded, recordingBuffers } from './recordingBuffers'
import { sumAlone, sumProgram, SliceSums, type Part, type SumCommand, type Target } from './sliceSums'
import { tunableOf, variantOf } from './tunable'
import { WebGpuBase, type DataId } from './webGpuBase'
import { tf, type Tensor, type TensorInfo } from './tfjs'

/** Commands that were recorded, what the recorded function returned, and the buffers they need. */
export interface Recording<T> {
  readonly value: T
  readonly commands: readonly Command[]
  /** Bytes of the buffers that the recording owns. */
  readonly bytes: number
  dispose(): void
}

export type { Alternative, Output, Program } from './program'

export class ArenaBackend extends WebGpuBase {
  private readonly views = new Map<DataId, GPUBufferBinding>()
  private readonly places = new GradientPlaces()
  private recording: RecordingEncoder | null = null
  private dry: DryRun | null = null
  private sums = new SliceSums()
  /** Gradients whose slices wait in `sums`. */
  private unsummed = new WeakSet<DataId>()
  private last: LastKernel | null = null
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
    this.places.set(parameter, { buffer, offset })
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
    if (tensor && this.unsummed.has(tensor.dataId)) this.addSlices()
    return (tensor && this.views.get(tensor.dataId)) ?? super.tensorToBinding(tensor)
  }

  /** Where a tensor's floats lie; forces an upload if they are still on the CPU. */
  binding(tensor: TensorInfo): { buffer: GPUBuffer; offset: number; size: number } {
    this.uploadToGPU(tensor.dataId)
    const binding = this.tensorToBinding(tensor)
    if (!binding)
      throw new Problem('A tensor has no buffer on the GPU.', 'This is a mistake in an operation; please report it.')
    return { buffer: binding.buffer, offset: binding.offset ?? 0, size: 4 * sizeOf(tensor.shape) }
  }

  /** The first rows of a view, as a view; undefined of other tensors. */
  firstRows(tensor: TensorInfo, shape: number[]): TensorInfo | undefined {
    const view = this.views.has(tensor.dataId) ? this.tensorToBinding(tensor) : null
    return view ? this.viewInfo(view.buffer, view.offset ?? 0, shape, tensor.dtype as 'float32' | 'int32') : undefined
  }

  /** Runs one of our kernels, or records it. */
  run(program: Program): Record<string, TensorInfo> {
    const outputs = mapValues(program.outputs, (output) => this.makeOutput(output))
    if (this.dry) return this.runDry(this.dry, program, outputs)
    const bound: Record<string, Resource> = {}
    for (const [name, tensor] of Object.entries({ ...outputs, ...program.inputs })) {
      bound[name] = this.binding(tensor)
      this.commandQueueOwnedIds.add(tensor.dataId)
    }
    const { sums } = program
    const target = sums && this.targetOf(sums)
    if (target) bound.gradients = target.resource
    const uniform = target ? sums.uniform(target.place) : program.uniform
    if (uniform) bound.shape = this.uniformBuffer(uniform)
    this.dispatch(program, bound, outputs)
    return { ...outputs, ...target?.gradients() }
  }

  /**
   * Lets the kernel that was recorded last do more to a gradient that it has just computed (`Program.ending`).
   * @returns the gradient after that, in the place of the old one; undefined where the kernel cannot
   */
  end(result: TensorInfo, step: EndingStep, tensor: TensorInfo): TensorInfo | undefined {
    if (this.dry) this.uploadToGPU(tensor.dataId)
    const resource = this.dry ? null : this.binding(tensor)
    if (this.refCount(result.dataId) !== 1 || !this.last?.canEnd(result, step, tensor)) return undefined
    this.last.end(step, tensor, resource)
    this.incRef(result.dataId)
    return result
  }

  override runWebGPUProgram(...args: readonly unknown[]): TensorInfo {
    this.last = null
    return super.runWebGPUProgram(...args)
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
      this.last = null
    })
    if (programs.some(({ sums }) => sums)) programs.push(sumProgram)
    const ours = programs.map((program) => createKernel(this.device, program.label, variantOf(program, tuner).code))
    await Promise.all([...ours, ...pendingPipelines(this.device, this.pipelineCache)])
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
    this.places.begin()
    this.sums = new SliceSums()
    this.commandEncoder = this.recording
    try {
      const value = f()
      this.addSlices()
      const { floats } = this.sums
      // A buffer of its own: those of tensors have other usages too, so none of them, alive before, is taken again.
      const slices = floats > 0 ? this.bufferManager.acquireBuffer(4 * floats, GPUBufferUsage.STORAGE) : undefined
      const commands = this.bindAll(this.recording.commands, slices)
      return { value, commands, bytes: own.bytes(), dispose: own.dispose }
    } finally {
      this.endComputePassEncoder()
      this.recording = null
      this.last = null
      this.commandEncoder = null
      this.uniformPendingDisposal = []
      this.stagingPendingDisposal = []
      this.bufferManager = shared.manager
      this.commandQueueOwnedIds = shared.owned
      this.device.queue.submit([upload.finish()])
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
    this.views.set(info.dataId, { buffer, offset, size: 4 * sizeOf(shape) })
    return info
  }

  private runDry(
    dry: DryRun,
    program: Program,
    outputs: Readonly<Record<string, TensorInfo>>,
  ): Record<string, TensorInfo> {
    const place = dry.programs.push(program) - 1
    const { parameters = {}, wanted = true } = program.sums ?? {}
    const gradients = wanted ? mapValues(parameters, ({ shape }) => this.makeTensorInfo([...shape], 'float32')) : {}
    for (const tensor of Object.values({ ...outputs, ...gradients, ...program.inputs })) this.uploadToGPU(tensor.dataId)
    this.last = new LastKernel(program, outputs, (changed) => {
      dry.programs[place] = changed
    })
    return { ...outputs, ...gradients }
  }

  private dispatch(
    program: Program,
    bound: Record<string, Resource>,
    outputs: Readonly<Record<string, TensorInfo>> = {},
  ): void {
    this.ensureCommandEncoderReady()
    this.endComputePassEncoder()
    const planned: Planned = { kind: 'planned', program, bound }
    if (!this.recording) {
      encodeCommands(this.commandEncoder as GPUCommandEncoder, this.bindAll([planned]))
      return
    }
    this.recording.commands.push(planned)
    this.last = new LastKernel(program, outputs, (changed, name, resource) => {
      planned.program = changed
      if (resource) bound[name] = resource
    })
  }

  /** Compiles and binds what was only planned. @param slices where the stand-in of slices stood */
  private bindAll(commands: readonly (Command | Planned)[], slices?: GPUBuffer): Command[] {
    return commands.map((command) => {
      if (command.kind !== 'planned') return command
      const { program, bound } = command
      const { code, grid } = variantOf(program, this.tuner)
      const kernel = compileKernel(this.device, program.label, code)
      return { kind: 'dispatch', ...kernel.bind(slices ? this.sums.withBuffer(bound, slices) : bound, grid) }
    })
  }

  /** Where a kernel's slices lie, and what makes gradients of them, once it is recorded. */
  private targetOf(sums: Sums): Target {
    const first = this.recording && sums.slices === 1 ? this.places.shared(Object.values(sums.parameters)) : undefined
    if (!first || sums.wanted === false) return this.slicedTarget(sums)
    return {
      ...first,
      gradients: () =>
        mapValues(sums.parameters, (parameter) => this.makeOutput({ shape: parameter.shape, gradientOf: parameter })),
    }
  }

  private slicedTarget({ parameters, slices, wanted = true }: Sums): Target {
    const place = compactPlace({ parameters })
    const floats = slices * place.stride
    if (!this.sums.hasRoom(floats)) this.addSlices()
    const own = this.recording ? null : this.makeTensorInfo([floats], 'float32')
    if (own) this.commandQueueOwnedIds.add(own.dataId)
    const resource = own ? this.binding(own) : this.sums.place(floats)
    const sum = (parameter: TensorInfo, i: number) =>
      this.sumOf(parameter, resource, { from: place.starts[i] ?? 0, stride: place.stride, slices })
    return {
      resource,
      place,
      gradients: () => {
        const gradients = wanted ? mapValues(parameters, sum) : {}
        if (own) this.disposeData(own.dataId)
        return gradients
      },
    }
  }

  /** The gradient of a parameter from its slices, which wait to be added up if it has a place. */
  private sumOf(
    parameter: TensorInfo,
    resource: Exclude<Resource, GPUBuffer>,
    part: Omit<Part, 'to' | 'length'>,
  ): TensorInfo {
    const length = sizeOf(parameter.shape)
    const place = this.recording && this.places.take(parameter)
    if (!place) {
      const sum = this.makeTensorInfo([...parameter.shape], 'float32')
      this.sum(sumAlone({ ...part, to: 0, length }, resource, this.binding(sum)))
      return sum
    }
    const view = this.viewInfo(place.buffer, place.offset, parameter.shape, 'float32')
    this.sums.wait({ ...part, from: part.from + resource.offset / 4, to: place.offset / 4, length }, place.buffer)
    this.unsummed.add(view.dataId)
    return view
  }

  /** Adds up the slices that wait. */
  private addSlices(): void {
    for (const command of this.sums.take()) this.sum(command)
    this.unsummed = new WeakSet()
  }

  private sum({ program, parts, bound }: SumCommand): void {
    const buffer = this.bufferManager.acquireBuffer(parts.byteLength, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST)
    this.device.queue.writeBuffer(buffer, 0, parts)
    // Freed like a uniform: never while a recording that reads it may be replayed.
    this.uniformPendingDisposal.push(buffer)
    this.dispatch(program, { ...bound, parts: buffer })
  }

  private makeOutput({ shape, dtype = 'float32', gradientOf }: Output): TensorInfo {
    const place = this.recording && gradientOf && this.places.take(gradientOf)
    return place ? this.viewInfo(place.buffer, place.offset, shape, dtype) : this.makeTensorInfo([...shape], dtype)
  }

  private uniformBuffer(contents: ArrayBuffer): GPUBuffer {
    const size = Math.ceil(contents.byteLength / 16) * 16
    const buffer = this.bufferManager.acquireBuffer(size, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST)
    this.device.queue.writeBuffer(buffer, 0, contents)
    this.uniformPendingDisposal.push(buffer)
    return buffer
  }
}
