import { describe, expect, it } from 'vitest'
import { storageBuffer } from './buffers'
import { createKernel, type Dispatch } from './kernel'
import { testDevice } from './testing'
import { byLabel, median, timeCommands, timeInTurns } from './timing'

/** Adds `rounds` terms of a sum in every thread: the time grows with the rounds. */
const spin = `
@group(0) @binding(0) var<storage, read_write> sums: array<f32>;
override rounds: u32 = 1;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  var sum = sums[id.x];
  for (var i = 0u; i < rounds; i++) { sum = fract(sum * 1.7 + f32(i)); }
  sums[id.x] = sum;
}`

async function spinning(device: GPUDevice, rounds: number): Promise<Dispatch> {
  const kernel = await createKernel(device, `spin${rounds}`, spin, { constants: { rounds } })
  return kernel.bind({ sums: await storageBuffer(device, 'sums', 4 * 64 * 64) }, [64])
}

/** The device without its timestamps. */
function withoutTimestamps(device: GPUDevice): GPUDevice {
  return new Proxy(device, {
    get: (target, name) => {
      if (name === 'features') return new Set()
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value
    },
  })
}

describe.each([
  ['timestamps', (device: GPUDevice) => device],
  ['the wall clock', withoutTimestamps],
] as const)('by %s', (_name, clock) => {
  it('a hundred times the work takes longer, however the turns fall', async () => {
    const device = clock(await testDevice())
    const [little, much] = [await spinning(device, 200), await spinning(device, 20_000)]
    const [a = NaN, b = NaN] = await timeInTurns(device, [little, much], { rounds: 3 })
    expect(a).toBeGreaterThan(0)
    // A busy machine adds milliseconds to the one and not to the other: of ten times the work it left a ratio of 1.6.
    expect(b / a).toBeGreaterThan(3)
  })

  it('commands are timed one by one, copies too, with their labels', async () => {
    const device = clock(await testDevice())
    const dispatch = await spinning(device, 2000)
    const [from, to] = [await storageBuffer(device, 'from', 2 ** 20), await storageBuffer(device, 'to', 2 ** 20)]
    const times = await timeCommands(
      device,
      [dispatch, { kind: 'copy', from, fromOffset: 0, to, toOffset: 0, size: 2 ** 20 }, dispatch],
      3,
    )
    expect(times.map((t) => t.label)).toEqual(['spin2000', 'copy', 'spin2000'])
    for (const { ns } of times) expect(ns).toBeGreaterThan(0)
  })
})

it('the median is a number that occurs', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2)
  expect(median([])).toBe(NaN)
})

it('times are added up by label, the most expensive first', () => {
  expect(
    byLabel([
      { label: 'a', ns: 1e6 },
      { label: 'b', ns: 5e6 },
      { label: 'a', ns: 2e6 },
    ]),
  ).toEqual([
    { label: 'b', count: 1, ms: 5 },
    { label: 'a', count: 2, ms: 3 },
  ])
})
