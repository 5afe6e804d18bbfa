/**
 * Kernels under test: one Dawn device a test file, and a harness that runs a kernel and its twin over awkward sizes.
 */
import { expect, test } from 'vitest'
import { create, globals } from 'webgpu'
import { Problem } from '../core/problem'
import { storageBuffer, uniformBuffer, write } from './buffers'
import { openDevice, type OpenDevice } from './device'
import { createKernel, encode, workgroups, type Grid, type KernelOptions } from './kernel'
import { Readback } from './readback'

/** Dawn ends the process when its GPU object is collected, so it hangs on the global object. */
const held = globalThis as typeof globalThis & { dawn?: GPU; dawnDevice?: Promise<OpenDevice> }

/** Dawn's `navigator.gpu`, with the WebGPU constants defined globally. */
export function dawn(): GPU {
  if (!held.dawn) {
    Object.assign(globalThis, globals)
    held.dawn = create(['disable-dawn-features=timestamp_quantization'])
  }
  return held.dawn
}

/** The shared device of a test file; software adapters are welcome. */
export async function testDevice(): Promise<GPUDevice> {
  held.dawnDevice ??= openDevice(dawn(), { allowSoftware: true })
  return (await held.dawnDevice).device
}

export type Data = Float32Array | Uint32Array | Int32Array

/** Buffers by binding name; an ArrayBuffer is a uniform block. */
export type Buffers = Readonly<Record<string, Data | ArrayBuffer>>

/**
 * Runs one kernel once. Calls do not share buffers; for chains use the kernel API itself.
 * @returns every storage buffer afterwards, by name, in the type and length that it was given in
 */
export async function runKernel<B extends Buffers>(
  code: string,
  buffers: B,
  grid: Grid,
  options: KernelOptions = {},
): Promise<B> {
  const device = await testDevice()
  const kernel = await createKernel(device, 'test', code, options)
  const gpu: Record<string, GPUBuffer> = {}
  for (const [name, data] of Object.entries(buffers)) {
    const make = data instanceof ArrayBuffer ? uniformBuffer : storageBuffer
    gpu[name] = await make(device, name, data.byteLength)
    write(device, gpu[name], data)
  }
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  encode(pass, [kernel.bind(gpu, grid)])
  pass.end()
  device.queue.submit([encoder.finish()])
  return readAll(device, buffers, gpu)
}

async function readAll<B extends Buffers>(device: GPUDevice, buffers: B, gpu: Record<string, GPUBuffer>): Promise<B> {
  const readback = new Readback(device)
  const results: Record<string, Data | ArrayBuffer> = {}
  for (const [name, data] of Object.entries(buffers)) {
    const bytes = await readback.read(gpu[name] as GPUBuffer, 0, data.byteLength)
    results[name] = data instanceof ArrayBuffer ? bytes : new (data.constructor as Float32ArrayConstructor)(bytes)
    gpu[name]?.destroy()
  }
  readback.dispose()
  return results as B
}

/** Copies of all buffers, for a twin that works in place. */
export function copies<B extends Buffers>(buffers: B): B {
  return Object.fromEntries(Object.entries(buffers).map(([name, data]) => [name, data.slice(0)])) as B
}

export interface Tolerance {
  readonly absolute: number
  readonly relative: number
}

/**
 * Fails at the first value that is farther from the reference than absolute + |reference| * relative; NaN equals NaN.
 */
export function expectClose(
  name: string,
  actual: ArrayLike<number>,
  reference: ArrayLike<number>,
  { absolute, relative }: Tolerance,
): void {
  expect(actual.length, `length of ${name}`).toBe(reference.length)
  for (let i = 0; i < reference.length; i++) {
    const [a, r] = [actual[i] as number, reference[i] as number]
    if (Object.is(a, r) || a === r || Math.abs(a - r) <= absolute + Math.abs(r) * relative) continue
    expect.fail(`${name}[${i}] is ${a}, the reference says ${r}`)
  }
}

/** No workgroup, tile or word divides all of these. */
export const awkwardSizes = [1, 63, 64, 65, 255, 256, 257, 4099]

export interface KernelCase<B extends Buffers> {
  readonly code: string
  readonly options?: KernelOptions
  /** Buffers before the run for a size; `random` is uniform in [-1, 1). */
  readonly buffers: (size: number, random: () => number) => B
  /** Threads needed, at 256 a workgroup; the size where it is left out. */
  readonly threads?: (size: number) => number
  /** What some buffers must hold afterwards, computed in doubles by other code than the kernel's and the twin's. */
  readonly reference: (before: B, size: number) => Readonly<Record<string, ArrayLike<number>>>
  /** The twin, in place. */
  readonly twin: (buffers: B, size: number) => void
  readonly tolerance: Tolerance
  readonly sizes?: readonly number[]
}

/**
 * Tests a kernel and its twin against the reference at every awkward size; buffers not in the reference must stay as
 * they are.
 */
export function kernelTest<B extends Buffers>(name: string, c: KernelCase<B>): void {
  test.each(c.sizes ?? awkwardSizes)(`${name}: kernel and twin agree with the reference at size %i`, async (size) => {
    const before = c.buffers(size, lehmer(size))
    const reference = c.reference(before, size)
    const gpu = await runKernel(c.code, copies(before), workgroups(c.threads?.(size) ?? size, 256), c.options)
    const twin = copies(before)
    c.twin(twin, size)
    for (const [key, data] of Object.entries(before)) {
      if (data instanceof ArrayBuffer) continue
      const expected = reference[key]
      const tolerance = expected ? c.tolerance : { absolute: 0, relative: 0 }
      expectClose(`${key} (kernel)`, gpu[key] as Data, expected ?? data, tolerance)
      expectClose(`${key} (twin)`, twin[key] as Data, expected ?? data, tolerance)
    }
  })
}

/**
 * A small generator of its own, so that a test of the random kernel does not use the code under test. Uniform in [-1,
 * 1).
 */
export function lehmer(seed: number): () => number {
  let state = (seed * 2654435761) % 2147483647 || 1
  return () => {
    state = (state * 48271) % 2147483647
    return (state / 2147483647) * 2 - 1
  }
}

/** The Problem that a promise rejects with; fails the test when it resolves or rejects otherwise. */
export async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof Problem) return thrown
  return expect.fail(`expected a Problem, got ${String(thrown)}`)
}

/** Counts the bytes of buffers that are made and destroyed on a device from now on. */
export function countBytes(device: GPUDevice): { live(): number; end(): void } {
  const create = device.createBuffer.bind(device)
  const live = new Map<GPUBuffer, number>()
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor)
    const destroy = buffer.destroy.bind(buffer)
    live.set(buffer, buffer.size)
    buffer.destroy = () => {
      live.delete(buffer)
      return destroy()
    }
    return buffer
  }
  return {
    live: () => [...live.values()].reduce((a, b) => a + b, 0),
    end: () => {
      device.createBuffer = create
    },
  }
}
