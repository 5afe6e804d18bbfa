/** Counts what a library asks of WebGPU, by wrapping the methods of its classes: the same way for every peer. */
import type { Timed } from '../gpu/timing'

/** Running totals since the meter was put on. */
export interface Tally {
  readonly dispatches: number
  readonly submits: number
}

export interface Meter {
  readonly tally: Tally
  /** Buffers made from now on belong to this owner. */
  own(owner: string): void
  /** Bytes of the owner's buffers: made and not destroyed. */
  bytes(owner: string): number
  /** Runs `f` and lists the dispatches that it encodes, in order. */
  listen(f: () => void): Timed[]
  /** Takes the meter off. */
  remove(): void
}

type Method = (this: object, ...args: never[]) => unknown

/** Puts a meter on all WebGPU devices of this thread, those made before too. */
export function meterWebGpu(): Meter {
  const tally = { dispatches: 0, submits: 0 }
  const bytes = new Map<string, number>()
  const owners = new WeakMap<object, string>()
  let owner = ''
  let heard: Timed[] | null = null
  const bound = new WeakMap<object, { pipeline?: GPUComputePipeline; bindGroup?: GPUBindGroup }>()
  const state = (pass: object) => {
    const known = bound.get(pass) ?? {}
    bound.set(pass, known)
    return known
  }
  const add = (who: string, size: number) => bytes.set(who, (bytes.get(who) ?? 0) + size)
  const wrapAll = () => [
    wrap(GPUDevice.prototype, 'createBuffer', (_, __, buffer) => {
      owners.set(buffer as object, owner)
      add(owner, (buffer as GPUBuffer).size)
    }),
    wrap(GPUBuffer.prototype, 'destroy', (buffer) => {
      const who = owners.get(buffer)
      if (who === undefined) return
      owners.delete(buffer)
      add(who, -(buffer as GPUBuffer).size)
    }),
    wrap(GPUQueue.prototype, 'submit', () => {
      tally.submits++
    }),
    wrap(GPUComputePassEncoder.prototype, 'setPipeline', (pass, [pipeline]) => {
      if (heard) state(pass).pipeline = pipeline as GPUComputePipeline
    }),
    wrap(GPUComputePassEncoder.prototype, 'setBindGroup', (pass, [, group]) => {
      if (heard) state(pass).bindGroup = group as GPUBindGroup
    }),
    wrap(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', (pass, [x, y = 1, z = 1]) => {
      tally.dispatches++
      const { pipeline, bindGroup } = heard ? state(pass) : {}
      if (pipeline && bindGroup) heard?.push({ pipeline, bindGroup, grid: [Number(x), Number(y), Number(z)] })
    }),
    wrap(GPUComputePassEncoder.prototype, 'dispatchWorkgroupsIndirect', () => {
      tally.dispatches++
    }),
  ]
  // A browser without WebGPU has none of its classes.
  const removers = 'GPUDevice' in globalThis ? wrapAll() : []
  return {
    tally,
    own: (next) => {
      owner = next
    },
    bytes: (who) => bytes.get(who) ?? 0,
    listen(f) {
      heard = []
      const list = heard
      try {
        f()
      } finally {
        heard = null
      }
      return list
    },
    remove: () => {
      for (const remove of removers) remove()
    },
  }
}

/** Calls `after` whenever the method has been called; returns what puts the method back. */
function wrap(
  prototype: object,
  name: string,
  after: (self: object, args: readonly unknown[], result: unknown) => void,
): () => void {
  const methods = prototype as Record<string, Method | undefined>
  const original = methods[name]
  if (!original) return () => undefined
  methods[name] = function (this: object, ...args: never[]) {
    const result = original.apply(this, args)
    after(this, args, result)
    return result
  }
  return () => {
    methods[name] = original
  }
}
