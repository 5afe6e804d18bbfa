import type { Resource } from '../gpu/kernel'
import type { Program } from './program'

/** One recorded GPU command. A recording is a list of them that can be encoded again and again. */
export type Command =
  | {
      readonly kind: 'dispatch'
      readonly pipeline: GPUComputePipeline
      readonly bindGroup: GPUBindGroup
      readonly grid: readonly [number, number, number]
    }
  | {
      readonly kind: 'copy'
      readonly from: GPUBuffer
      readonly fromOffset: number
      readonly to: GPUBuffer
      readonly toOffset: number
      readonly size: number
    }

/** A kernel of ours while a recording is made: bound at its end, because later operations may change what it does. */
export interface Planned {
  readonly kind: 'planned'
  program: Program
  readonly bound: Record<string, Resource>
}

/** Encodes commands in order; neighbouring dispatches share a compute pass, and a pipeline that is set. */
export function encodeCommands(encoder: GPUCommandEncoder, commands: readonly Command[]): void {
  let pass: GPUComputePassEncoder | null = null
  let pipeline: GPUComputePipeline | null = null
  for (const command of commands) {
    if (command.kind === 'copy') {
      pass?.end()
      pass = pipeline = null
      encoder.copyBufferToBuffer(command.from, command.fromOffset, command.to, command.toOffset, command.size)
      continue
    }
    pass ??= encoder.beginComputePass()
    if (command.pipeline !== pipeline) pass.setPipeline((pipeline = command.pipeline))
    pass.setBindGroup(0, command.bindGroup)
    pass.dispatchWorkgroups(...command.grid)
  }
  pass?.end()
}

/**
 * Stands in for tfjs's command encoder while a step is recorded: it writes commands down instead of encoding them.
 * Copies are uploads of constants (tfjs copies only from staging buffers), so they happen once, now, on `uploads`.
 */
export class RecordingEncoder {
  readonly commands: (Command | Planned)[] = []

  constructor(private readonly uploads: () => GPUCommandEncoder) {}

  beginComputePass(): RecordingPass {
    return new RecordingPass(this.commands)
  }

  copyBufferToBuffer(from: GPUBuffer, fromOffset: number, to: GPUBuffer, toOffset: number, size: number): void {
    this.uploads().copyBufferToBuffer(from, fromOffset, to, toOffset, size)
  }
}

/** The compute pass of a RecordingEncoder. */
export class RecordingPass {
  private pipeline: GPUComputePipeline | null = null
  private bindGroup: GPUBindGroup | null = null

  constructor(private readonly commands: (Command | Planned)[]) {}

  setPipeline(pipeline: GPUComputePipeline): void {
    this.pipeline = pipeline
  }

  setBindGroup(_index: number, bindGroup: GPUBindGroup): void {
    this.bindGroup = bindGroup
  }

  dispatchWorkgroups(x: number, y = 1, z = 1): void {
    if (!this.pipeline || !this.bindGroup) return
    this.commands.push({ kind: 'dispatch', pipeline: this.pipeline, bindGroup: this.bindGroup, grid: [x, y, z] })
  }

  end(): void {}
}
