/** Bandwidth of the fused update beside a plain copy: `npx vitest bench shaders/train/update.bench.ts`. */
import { bench, describe } from 'vitest'
import { storageBuffer, uniformBuffer, write } from '../../src/gpu/buffers'
import { createKernel, encode, workgroups, type Dispatch } from '../../src/gpu/kernel'
import { Readback } from '../../src/gpu/readback'
import { createSelection } from '../../src/gpu/selection'
import { testDevice } from '../../src/gpu/testing'
import { squares, update, witness } from '..'
import { stepSettings } from '../fixtures'
import { controlBytes, freshControl, squaresChunk, writeControl } from './norm'
import { stepStruct, stepUniform } from './step'
import flat from '../parts/flat.wgsl?raw'
import { tileTable } from '../parts/tiles'

const length = 2 ** 22
const copyText = `${flat}
@group(0) @binding(0) var<storage, read> grads: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> weights: array<vec4f>;
@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i < arrayLength(&grads)) { weights[i] = grads[i]; }
}`

const device = await testDevice()
const names = [
  'weights',
  'grads',
  'moment1',
  'moment2',
  'noiseMean',
  'noiseSquare',
  'importance',
  'steady',
  'peak',
  'sensed',
] as const
const arena = Object.fromEntries(
  await Promise.all(names.map(async (name) => [name, await storageBuffer(device, name, length * 4)] as const)),
) as Record<(typeof names)[number], GPUBuffer>
const mask = await storageBuffer(device, 'mask', length / 8)
const step = await uniformBuffer(device, 'step', stepStruct.bytes)
const control = await uniformBuffer(device, 'control', controlBytes)
const partials = await storageBuffer(device, 'partials', (length / squaresChunk) * 8)
write(device, arena.weights, new Float32Array(length).fill(0.5))
write(
  device,
  arena.grads,
  Float32Array.from({ length }, (_, i) => Math.sin(i)),
)
write(device, mask, new Uint32Array(length / 32).fill(0xffffffff))
write(device, step, stepUniform(stepSettings(length)))
write(device, control, writeControl({ ...freshControl, norm: 1 }))

function submit(dispatches: readonly Dispatch[]): Promise<undefined> {
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  encode(pass, dispatches)
  pass.end()
  device.queue.submit([encoder.finish()])
  return device.queue.onSubmittedWorkDone()
}

/** Times dispatches and prints the best run's GB/s; `bytes` is what one run must at least move. */
function measure(name: string, bytes: number, dispatches: readonly Dispatch[]): void {
  let best = Infinity
  bench(
    name,
    async () => {
      const start = performance.now()
      await submit(dispatches)
      best = Math.min(best, performance.now() - start)
    },
    {
      time: 500,
      warmupTime: 100,
      teardown: (_, mode) => {
        if (mode === 'run')
          process.stdout.write(`${name}: ${(bytes / best / 1e6).toFixed(2)} GB/s, best ${best.toFixed(2)} ms\n`)
      },
    },
  )
}

const grid = workgroups(length / 4, 256)
const updateKernel = await createKernel(device, 'update', update, { entryPoint: 'adamw' })
const { steady, peak, sensed, ...updated } = arena
const updates = [updateKernel.bind({ ...updated, mask, step, control }, grid)]
const { weights, grads, noiseMean, noiseSquare } = arena
const witnesses = [
  (await createKernel(device, 'witness', witness)).bind(
    { step, control, weights, grads, mask, noiseMean, noiseSquare, steady, peak, sensed },
    grid,
  ),
]
const copies = [
  (await createKernel(device, 'copy', copyText)).bind({ grads: arena.grads, weights: arena.weights }, grid),
]
const sums = [
  (await createKernel(device, 'squares', squares)).bind({ grads: arena.grads, partials }, [length / squaresChunk]),
]
const tensor = [{ offset: 0, size: length }]
const selection = await createSelection(device, {
  tiles: tileTable(length, [tensor]),
  kept: Uint32Array.of(length / 10),
})

// What is not right is not timed: the first AdamW step moves every weight by the rate, against the gradient's sign.
await submit(updates)
const readback = new Readback(device)
const [, first = Number.NaN] = new Float32Array(await readback.read(arena.weights, 0, 8))
if (Math.abs(first - (0.5 * (1 - 5e-5) - 1e-3)) > 1e-6)
  throw new Error(`the update moved a weight from 0.5 to ${first}`)

describe(`${length} weights`, () => {
  measure('copy', length * 8, copies)
  // Reads 7 buffers, writes 6, and one bit of mask.
  measure('update', length * 52, updates)
  // Reads 7 buffers, writes 3, and one bit of mask.
  measure('witness', length * 40, witnesses)
  measure('squares', length * 4, sums)
  // Three digits; scores that all tie are read a fourth time.
  measure('select, all ties', length * 16, selection.dispatches(arena.importance))
})
