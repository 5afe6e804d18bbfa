/**
 * Sums of slices that wait: a recording adds the slices of all gradients up in one dispatch at its end, or before
 * somebody reads one of the sums.
 */
import { alignment } from '../core/layout'
import { workgroups, type Resource } from '../gpu/kernel'
import * as shaders from '../../shaders/transformer'
import type { Program, SlicePlace } from './program'
import type { TensorInfo } from './tfjs'

/** Some floats whose slices are added up: places count floats in the binding of slices and in that of sums. */
export interface Part {
  readonly from: number
  readonly stride: number
  readonly slices: number
  readonly to: number
  readonly length: number
}

/** A kernel, and all that it binds by name but `parts`, whose contents are given. */
export interface SumCommand {
  readonly program: Program
  readonly parts: Uint32Array<ArrayBuffer>
  readonly bound: Readonly<Record<'slices' | 'sums', Resource>>
}

/** Where a kernel of `Sums` writes, and what its gradients are, once it is recorded. */
export interface Target {
  readonly resource: Resource
  readonly place: SlicePlace
  readonly gradients: () => Record<string, TensorInfo>
}

/** Floats that a workgroup adds up. */
const most = 1024
/** Bytes of slices that may wait; more would keep memory that later slices could use. */
const mostBytes = 2 ** 26

/** The kernel, before it is known how many parts there are. */
export const sumProgram: Program = {
  label: 'sumSlices',
  code: shaders.sumSlices,
  inputs: {},
  outputs: {},
  grid: [1, 1, 1],
}

/** Adds up at once: sums [length] of slices [slices, length, ...]. */
export function sumAlone(part: Part, slices: Resource, sums: Resource): SumCommand {
  return commandOf([part], slices, sums)
}

/** The slices of a recording. */
export class SliceSums {
  /** Stands for their buffer in bindings, until its size is known. */
  readonly standIn = {} as GPUBuffer
  /** Floats of that buffer. */
  floats = 0
  private used = 0
  private readonly waiting = new Map<GPUBuffer, Part[]>()

  /** Whether so many floats can wait beside those that do. */
  hasRoom(floats: number): boolean {
    return this.used === 0 || 4 * (this.used + floats) <= mostBytes
  }

  /** A place for so many floats until the next `take`. */
  place(floats: number): { buffer: GPUBuffer; offset: number; size: number } {
    const offset = this.used
    this.used = Math.ceil((offset + floats) / alignment) * alignment
    this.floats = Math.max(this.floats, this.used)
    return { buffer: this.standIn, offset: 4 * offset, size: 4 * floats }
  }

  /** Has slices added up later, into a place of `sums`. */
  wait(part: Part, sums: GPUBuffer): void {
    this.waiting.set(sums, [...(this.waiting.get(sums) ?? []), part])
  }

  /** What a kernel binds, with the buffer of slices where its stand-in stood. */
  withBuffer(bound: Readonly<Record<string, Resource>>, buffer: GPUBuffer): Record<string, Resource> {
    return Object.fromEntries(
      Object.entries(bound).map(([name, resource]) => [
        name,
        'buffer' in resource && resource.buffer === this.standIn ? { ...resource, buffer } : resource,
      ]),
    )
  }

  /** What adds up all that waits. Afterwards new slices may lie where the old ones did. */
  take(): SumCommand[] {
    const commands = [...this.waiting].map(([sums, parts]) =>
      commandOf(parts, { buffer: this.standIn, offset: 0, size: 4 * this.used }, sums),
    )
    this.waiting.clear()
    this.used = 0
    return commands
  }
}

function commandOf(parts: readonly Part[], slices: Resource, sums: Resource): SumCommand {
  const short = parts.flatMap(shortened)
  return {
    program: { ...sumProgram, grid: workgroups(short.length, 1) },
    parts: Uint32Array.from(
      short.flatMap(({ from, stride, slices: count, to, length }) => [from, stride, count, to, length]),
    ),
    bound: { slices, sums },
  }
}

/** A part as some for one workgroup each. */
function shortened({ from, to, length, ...part }: Part): Part[] {
  return Array.from({ length: Math.ceil(length / most) }, (_, i) => {
    const begin = i * most
    return { ...part, from: from + begin, to: to + begin, length: Math.min(most, length - begin) }
  })
}
