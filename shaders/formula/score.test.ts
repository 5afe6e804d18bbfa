import { expect, test } from 'vitest'
import { randomBits, streams, uniform } from '../../src/core/random'
import { awkwardSizes, expectClose, lehmer, runKernel, type Buffers } from '../../src/gpu/testing'
import { workgroups } from '../../src/gpu/kernel'
import flat from '../parts/flat.wgsl?raw'
import random from '../parts/random.wgsl?raw'
import { bitsOf, maskOf } from '../fixtures'
import { keptScore, prunedScore, score, scoreKernel } from './score'
import { viewUniform, type Ranked, type ViewSettings } from './view'

const formula = 'p.slope * abs(x.w * x.g) + x.noiseMean / sqrt(x.noiseSquare) + p.shift * x.importance - x.uniform'
const knobNames = ['slope', 'shift']
const knobs = { slope: 3, shift: 0.5 }

const settings = (length: number, ranked: Ranked = 'all'): ViewSettings => ({
  length,
  ranked,
  seed: 11,
  freshSeed: 12,
  stream: streams.method,
  noiseMeanCorrection: 1.5,
  noiseSquareCorrection: 1.25,
  age: 3,
  rate: 0.5,
  phase: 2.25,
})

function arena(size: number) {
  const draw = lehmer(size)
  const floats = () => Float32Array.from({ length: size }, draw)
  return {
    weights: floats(),
    grads: floats(),
    mask: maskOf(size, (i) => i % 3 !== 1),
    noiseMean: floats().map(Math.abs),
    noiseSquare: floats().map((x) => x * x + 1e-3),
    importance: floats().map(Math.abs),
    initial: floats(),
    curvature: floats(),
    own: [floats(), floats()],
    scores: new Uint32Array(size),
  }
}

async function onGpu(
  text: string,
  knobNames: readonly string[],
  values: Record<string, number>,
  s: ViewSettings,
  { own, ...b }: ReturnType<typeof arena>,
  names: readonly string[] = [],
) {
  const kernel = scoreKernel(text, knobNames, names)
  const all: Buffers = { ...b, own0: own[0]!, own1: own[1]! }
  const bound = Object.fromEntries(kernel.buffers.map((name) => [name, all[name]!]))
  const after: Buffers = await runKernel(
    kernel.wgsl,
    { ...bound, view: viewUniform(s, knobNames, values) },
    workgroups(s.length, 256),
  )
  return after.scores as Uint32Array
}

test.each(awkwardSizes)('kernel and twin agree with the formula in doubles at size %i', async (size) => {
  const b = arena(size)
  const gpu = await onGpu(formula, knobNames, knobs, settings(size), b)
  const twin = { ...b, scores: new Uint32Array(size) }
  score(
    twin,
    (x) =>
      knobs.slope * Math.abs(x.w * x.g)
      + x.noiseMean / Math.sqrt(x.noiseSquare)
      + knobs.shift * x.importance
      - x.uniform,
    settings(size),
    (seed, i) => uniform(seed, streams.method, i),
  )
  const reference = Float64Array.from(
    { length: size },
    (_, i) =>
      3 * Math.abs(b.weights[i]! * b.grads[i]!)
      + (1.5 * b.noiseMean[i]!) / Math.sqrt(1.25 * b.noiseSquare[i]!)
      + 0.5 * b.importance[i]!
      - uniform(11, streams.method, i),
  )
  for (const [name, scores] of Object.entries({ gpu, twin: twin.scores })) {
    expectClose(name, new Float32Array(scores.buffer), reference, { absolute: 1e-5, relative: 1e-5 })
  }
})

test('x.uniform has the same bits on the GPU and here', async () => {
  const s = { ...settings(4099), seed: 2 ** 31 - 1 }
  const gpu = await onGpu('x.uniform', [], {}, s, arena(4099))
  expect(gpu).toEqual(bitsOf(Float32Array.from({ length: 4099 }, (_, i) => uniform(s.seed, s.stream, i))))
})

test('random bits are the same on the GPU and here', async () => {
  const code = `${flat}${random}@group(0) @binding(0) var<storage, read_write> out: array<u32>;
    @compute @workgroup_size(workgroupSize) fn main(@builtin(global_invocation_id) id: vec3u) {
      if (id.x < arrayLength(&out)) { out[id.x] = randomBits(4294967295u - id.x, id.x * 7u, id.x * 2654435761u); }
    }`
  const { out } = await runKernel(code, { out: new Uint32Array(1000) }, [4, 1, 1])
  expect(out).toEqual(
    Uint32Array.from({ length: 1000 }, (_, i) => randomBits(4294967295 - i, i * 7, Math.imul(i, 2654435761) >>> 0)),
  )
})

test('nested: pruned weights get the lowest score, others keep theirs', async () => {
  const b = arena(100)
  const gpu = await onGpu('x.w', [], {}, settings(100, 'kept'), b)
  const twin = { ...b, scores: new Uint32Array(100) }
  score(
    twin,
    (x) => x.w,
    settings(100, 'kept'),
    () => 0,
  )
  const expected = bitsOf(b.weights).map((bits, i) => (i % 3 === 1 ? prunedScore : bits))
  expect(gpu).toEqual(expected)
  expect(twin.scores).toEqual(expected)
})

test('a formula that makes NaN still ranks above pruned weights', async () => {
  const b = { ...arena(64), grads: new Float32Array(64), weights: new Float32Array(64) }
  const gpu = await onGpu('x.w / x.g', [], {}, settings(64), b)
  expect(gpu.some((bits) => bits === prunedScore)).toBe(false)
  const twin = { ...b, scores: new Uint32Array(64) }
  score(
    twin,
    (x) => x.w / x.g,
    settings(64),
    () => 0,
  )
  expect([...twin.scores].every((bits) => (bits & 0x7fffffff) > 0x7f800000 && bits !== prunedScore)).toBe(true)
})

test('an exchange: survivors come before every number, the others rank by the formula', async () => {
  const b = arena(100)
  const gpu = await onGpu('x.g', [], {}, settings(100, 'pruned'), b)
  const twin = { ...b, scores: new Uint32Array(100) }
  score(
    twin,
    (x) => x.g,
    settings(100, 'pruned'),
    () => 0,
  )
  const expected = bitsOf(b.grads).map((bits, i) => (i % 3 === 1 ? bits : keptScore))
  expect(gpu).toEqual(expected)
  expect(twin.scores).toEqual(expected)
})

test('every field of the view reads the same on the GPU and here', async () => {
  const b = arena(257)
  const sum =
    'x.fresh + 2.0 * x.initial + 4.0 * x.curvature + 8.0 * x.kept + 16.0 * x.age + 32.0 * x.rate + 64.0 * '
    + 'x.first + 128.0 * x.second'
  const gpu = await onGpu(sum, [], {}, settings(257), b, ['first', 'second'])
  const expected = Float64Array.from(
    { length: 257 },
    (_, i) =>
      uniform(12, streams.method, i)
      + 2 * b.initial[i]!
      + 4 * b.curvature[i]!
      + (i % 3 === 1 ? 0 : 8)
      + 48
      + 16
      + 64 * b.own[0]![i]!
      + 128 * b.own[1]![i]!,
  )
  expectClose('view', new Float32Array(gpu.buffer), expected, { absolute: 1e-4, relative: 1e-5 })
  const twin = { ...b, scores: new Uint32Array(257) }
  score(
    twin,
    (x) => {
      const own = x as typeof x & { first: number; second: number }
      return (
        x.fresh
        + 2 * x.initial
        + 4 * x.curvature
        + 8 * x.kept
        + 16 * x.age
        + 32 * x.rate
        + 64 * own.first
        + 128 * own.second
      )
    },
    settings(257),
    (seed, i) => uniform(seed, streams.method, i),
    ['first', 'second'],
  )
  expectClose('twin', new Float32Array(twin.scores.buffer), expected, { absolute: 1e-4, relative: 1e-5 })
})
