import { expect, test } from 'vitest'
import { expectClose, lehmer, runKernel, type Buffers } from '../../src/gpu/testing'
import { workgroups } from '../../src/gpu/kernel'
import { assign, assignKernel, type AssignmentPass } from './assign'
import { controlBlock, maskOf } from '../fixtures'
import { readControl } from '../train/norm'
import { viewUniform, type ViewSettings } from './view'

/** PLATON's numbers: a window's mean of |w g|, its exponential mean, and that of the spread around it. */
const names = ['window', 'mean', 'spread'] as const
type Own = { readonly window: number; readonly mean: number; readonly spread: number }
const own = (x: object) => x as Own

const gather: AssignmentPass = {
  names,
  assignments: {
    window: {
      wgsl: 'x.window + abs(x.w * x.g) / p.every',
      js: (x, p) => own(x).window + Math.abs(x.w * x.g) / (p.every as number),
    },
  },
}

const digest: AssignmentPass = {
  names,
  assignments: {
    mean: { wgsl: '0.5 * x.mean + 0.5 * x.window', js: (x) => 0.5 * own(x).mean + 0.5 * own(x).window },
    spread: {
      wgsl: '0.75 * x.spread + 0.25 * abs(x.window - x.mean)',
      js: (x) => 0.75 * own(x).spread + 0.25 * Math.abs(own(x).window - own(x).mean),
    },
    window: { wgsl: '0.0', js: () => 0 },
  },
}

const settings = (length: number): ViewSettings => ({
  length,
  ranked: 'all',
  seed: 1,
  freshSeed: 2,
  stream: 5,
  noiseMeanCorrection: 1,
  noiseSquareCorrection: 1,
  age: 1,
  rate: 0.1,
  phase: 1.5,
})

function arena(length: number) {
  const draw = lehmer(length)
  const floats = () => Float32Array.from({ length }, draw)
  const numbers = [floats(), floats(), floats()]
  return {
    weights: floats(),
    grads: floats(),
    mask: maskOf(length, () => true),
    noiseMean: floats(),
    noiseSquare: floats(),
    importance: floats(),
    own: numbers,
  }
}

async function onGpu(
  pass: AssignmentPass,
  knobNames: readonly string[],
  knobs: Record<string, number>,
  b: ReturnType<typeof arena>,
  halted = 0,
) {
  const kernel = assignKernel(pass, knobNames)
  const all: Buffers = {
    ...b,
    ...Object.fromEntries(b.own.map((values, i) => [`own${i}`, values])),
  } as unknown as Buffers
  const bound = Object.fromEntries(kernel.buffers.map((name) => [name, all[name]!]))
  const uniforms = { view: viewUniform(settings(b.weights.length), knobNames, knobs), control: controlBlock(1, halted) }
  return (await runKernel(
    kernel.wgsl,
    { ...bound, ...uniforms },
    workgroups(b.weights.length, 256),
  )) as Buffers as Record<string, Float32Array>
}

test('a window of two gradients, then a digest, by hand', async () => {
  // |w g| = |2 * 3| = 6, and 6 / 2 = 3 comes on top of the window's 1: 4.
  // mean = (2 + 4) / 2 = 3; spread = 0.75 * 8 + 0.25 * |4 - 3| = 6.25, with the new mean; the window starts again.
  const b = {
    ...arena(1),
    weights: Float32Array.of(2),
    grads: Float32Array.of(-3),
    own: [Float32Array.of(1), Float32Array.of(2), Float32Array.of(8)],
  }
  const gathered = await onGpu(gather, ['every'], { every: 2 }, b)
  expect([...gathered.own0!]).toEqual([4])
  const digested = await onGpu(digest, [], {}, { ...b, own: [Float32Array.from(gathered.own0!), b.own[1]!, b.own[2]!] })
  expect([digested.own0![0], digested.own1![0], digested.own2![0]]).toEqual([0, 3, 6.25])
})

test.each([gather, digest])('kernel and twin agree on 4,099 weights', async (pass) => {
  const b = arena(4099)
  const after = await onGpu(pass, ['every'], { every: 10 }, b)
  const twin = { ...b, own: b.own.map((values) => values.slice()) }
  assign(twin, pass, { every: 10 }, settings(4099), readControl(controlBlock()), () => 0)
  for (const name of Object.keys(pass.assignments)) {
    const k = names.findIndex((n) => n === name)
    expectClose(name, after[`own${k}`]!, twin.own[k]!, { absolute: 1e-6, relative: 1e-6 })
  }
})

test('a step replaces the weight, and only the buffers that are named are bound', async () => {
  const step: AssignmentPass = {
    names,
    assignments: {},
    step: {
      wgsl: 'sign(x.window) * max(abs(x.window) - 1.0, 0.0)',
      js: (x) => Math.sign(own(x).window) * Math.max(Math.abs(own(x).window) - 1, 0),
    },
  }
  expect(assignKernel(step, []).buffers).toEqual(['own0', 'weights'])
  // Soft threshold at 1: 3 becomes 2, -0.5 becomes 0, -4 becomes -3.
  const b = { ...arena(3), own: [Float32Array.of(3, -0.5, -4), new Float32Array(3), new Float32Array(3)] }
  expect((await onGpu(step, [], {}, b)).weights!.map((w) => w + 0)).toEqual(Float32Array.of(2, 0, -3))
})

test('nothing changes after a halt', async () => {
  const b = arena(64)
  const after = await onGpu(gather, ['every'], { every: 2 }, b, 1)
  expect(after.own0).toEqual(b.own[0])
  const twin = { ...b, own: b.own.map((values) => values.slice()) }
  assign(twin, gather, { every: 2 }, settings(64), readControl(controlBlock(1, 1)), () => 0)
  expect(twin.own[0]).toEqual(b.own[0])
})
