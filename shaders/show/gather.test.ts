import { expect, test } from 'vitest'
import { awkwardSizes, lehmer, runKernel } from '../../src/gpu/testing'
import { workgroups } from '../../src/gpu/kernel'
import * as shaders from '..'
import { prunedScore } from '../formula/score'
import { gather, gatherRanked, rankedBytes, readingBytes, readRanked, readReadings } from './gather'

test.each(awkwardSizes)('readings of %i indices', async (size) => {
  const draw = lehmer(size)
  const floats = () => Float32Array.from({ length: 4160 }, draw)
  const b = {
    indices: Uint32Array.from({ length: size }, () => Math.floor(((draw() + 1) / 2) * 4160)),
    weights: floats(),
    noiseMean: floats(),
    noiseSquare: floats(),
    steady: floats(),
    peak: floats(),
    classes: Uint32Array.from({ length: 520 }, (_, i) => Math.imul(i, 2654435761) >>> 0),
  }
  const { readings } = await runKernel(
    shaders.gather,
    { ...b, readings: new Uint32Array((size * readingBytes) / 4) },
    workgroups(size, 256),
  )
  const gpu = readReadings(readings.buffer)
  const reference = [...b.indices].map((i) => ({
    w: b.weights[i],
    noiseMean: b.noiseMean[i],
    noiseSquare: b.noiseSquare[i],
    steady: b.steady[i],
    peak: b.peak[i],
    code: Math.floor(b.classes[Math.floor(i / 8)]! / 16 ** (i % 8)) % 16,
  }))
  expect(gpu).toEqual(reference)
  expect(gather(b)).toEqual(reference)
})

test('an index outside the prunable part reads nothing', async () => {
  const one = Float32Array.of(1, 1, 1, 1)
  const { readings } = await runKernel(
    shaders.gather,
    {
      indices: Uint32Array.of(0, 99),
      weights: one,
      noiseMean: one,
      noiseSquare: one,
      steady: one,
      peak: one,
      classes: Uint32Array.of(6, 0, 0, 0),
      readings: new Uint32Array(12),
    },
    [1, 1, 1],
  )
  expect(readReadings(readings.buffer)).toEqual([
    { w: 1, noiseMean: 1, noiseSquare: 1, steady: 1, peak: 1, code: 6 },
    { w: 0, noiseMean: 0, noiseSquare: 0, steady: 0, peak: 0, code: 0 },
  ])
})

test.each(awkwardSizes)('what ranks %i indices', async (size) => {
  const draw = lehmer(size)
  const b = {
    indices: Uint32Array.from({ length: size }, () => Math.floor(((draw() + 1) / 2) * 4160)),
    sensed: Float32Array.from({ length: 4160 }, draw),
    scores: new Uint32Array(Float32Array.from({ length: 4160 }, draw).buffer),
    grads: Float32Array.from({ length: 4160 }, draw),
  }
  b.scores[b.indices[0]!] = prunedScore
  const { ranked } = await runKernel(
    shaders.gatherRanked,
    { ...b, ranked: new Uint32Array((size * rankedBytes) / 4) },
    workgroups(size, 256),
  )
  const scores = new Float32Array(b.scores.buffer)
  const reference = [...b.indices].map((i) => ({ sensed: b.sensed[i], score: scores[i], gradient: b.grads[i] }))
  expect(readRanked(ranked.buffer)).toEqual(reference)
  expect(gatherRanked(b)).toEqual(reference)
  expect(reference[0]?.score).toBeNaN()
})
