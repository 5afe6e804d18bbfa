import { describe, expect, it } from 'vitest'
import { defaults, type Values } from '../core/knob'
import type { Method } from '../core/method'
import { streams, uniform } from '../core/random'
import { sevenKeepRatio } from '../core/schedule'
import { score, scoreKernel, type ScoreBuffers } from '../../shaders/formula/score'
import { viewUniform, type TwinFormula, type ViewSettings } from '../../shaders/formula/view'
import { expectClose, lehmer, runKernel, type Buffers } from '../gpu/testing'
import { workgroups } from '../gpu/kernel'
import * as registry from './index'

const methods = Object.entries(registry) as [string, Method][]
/** A prime, so that no workgroup divides it. */
const count = 4099

describe.each(methods)('%s', (_id, method) => {
  const values: Values = defaults(method.knobs)

  it('scores the same in WGSL and JavaScript on 4,099 weights, to 1e-5', async () => {
    const random = lehmer(7)
    const floats = () => Float32Array.from({ length: count }, random)
    const knobs = Object.entries(values)
      .filter(([, v]) => typeof v !== 'string')
      .map(([name]) => name)
    const settings: ViewSettings = {
      length: count,
      ranked: 'all',
      seed: 3,
      freshSeed: 4,
      stream: streams.method,
      noiseMeanCorrection: 1,
      noiseSquareCorrection: 1,
      age: 5,
      rate: 0.1,
      phase: 1.25,
    }
    const names = method.statistics?.names ?? []
    const buffers: ScoreBuffers & {
      initial: Float32Array
      curvature: Float32Array
      input: Float32Array
      share: Float32Array
    } = {
      weights: floats(),
      grads: floats(),
      mask: new Uint32Array(Math.ceil(count / 32)).fill(0xffffffff),
      noiseMean: floats(),
      noiseSquare: floats(),
      importance: floats(),
      initial: floats(),
      curvature: floats(),
      input: floats(),
      share: floats(),
      own: names.map(floats),
      scores: new Uint32Array(count),
    }
    const chosen = Object.entries(method.knobs).flatMap(([name, knob]) =>
      knob.kind === 'choice' ? Object.keys(knob.options).map((id) => method.scoreBy?.({ ...values, [name]: id })) : [],
    )
    const formulas = new Set(
      [method.score, method.initialScore, method.grow, ...chosen].filter((formula) => formula !== undefined),
    )
    for (const formula of formulas) {
      const kernel = scoreKernel(formula.wgsl, knobs, names)
      const { own, ...plain } = buffers
      const all: Buffers = { ...plain, ...Object.fromEntries(own.map((values, i) => [`own${i}`, values])) }
      const bound = Object.fromEntries(kernel.buffers.map((name) => [name, all[name]!]))
      const after: Buffers = await runKernel(
        kernel.wgsl,
        { ...bound, view: viewUniform(settings, knobs, values) },
        workgroups(count, 256),
      )
      const twin = { ...buffers, scores: new Uint32Array(count) }
      score(
        twin,
        (x) => (formula as TwinFormula).js(x, values),
        settings,
        (seed, i) => uniform(seed, streams.method, i),
        names,
      )
      const scores = new Float32Array((after.scores as Uint32Array).buffer, 0, count)
      expectClose(formula.wgsl, scores, new Float32Array(twin.scores.buffer), { absolute: 1e-5, relative: 1e-5 })
    }
  })

  it.each([1, 2, 7, 100, 1500])(
    'reaches its target exactly, and never goes back where masks nest, in a run of %i steps',
    (steps) => {
      const plan = method.plan(values, steps)
      const events = [
        plan.initial,
        ...Array.from({ length: plan.scoringBatches }, (_, i) => plan.scoring(i)),
        ...Array.from({ length: steps }, (_, t) => plan.training(t)),
      ].filter((s) => s !== undefined)
      if (method.target(values) > 0) expect(events.at(-1)).toBe(method.target(values))
      else expect(events).toEqual([])
      if (plan.nested ?? true)
        events.forEach((s, i) => {
          if (i > 0) expect(s).toBeGreaterThanOrEqual(events[i - 1]!)
        })
      const lastTraining =
        Array.from({ length: steps }, (_, t) => t)
          .filter((t) => plan.training(t) !== undefined)
          .at(-1) ?? -1
      expect(plan.lastEvent).toBe(lastTraining)
    },
  )
})

describe('SEVENdyn', () => {
  it('prunes at every step of its window, on the released schedule', () => {
    // 10 steps, window 0.2 to 0.7: steps 2 to 6, five updates, so N = 6 and k = 1 - 0.6 = 0.4.
    // r_0 = 0.4 + 0.6 (5/6)^3 = 0.747222; r_1 = 0.4 + 0.6 (4/6)^3 = 0.577778; r_2 = 0.475; r_3 = 0.422222; then the
    // target.
    const plan = registry.sevenDyn.plan(
      { ...defaults(registry.sevenDyn.knobs), sparsity: 0.6, begin: 0.2, end: 0.7 },
      10,
    )
    const ratios = Array.from({ length: 10 }, (_, t) => plan.training(t)).map((s) =>
      s === undefined ? null : Number((1 - s).toFixed(6)),
    )
    expect(ratios).toEqual([null, null, 0.747222, 0.577778, 0.475, 0.422222, 0.4, null, null, null])
    expect(plan.statisticsFrom).toBe(2)
    expect(sevenKeepRatio(4, 6, 0.6)).toBeCloseTo(0.4 + 0.6 / 216, 12)
  })
})

describe('SEVENpre', () => {
  it('with one batch cuts once, to the target, as SNIP does', () => {
    const plan = registry.sevenPre.plan({ ...defaults(registry.sevenPre.knobs), batches: 1, sparsity: 0.7 }, 100)
    expect([plan.scoringBatches, plan.scoring(0), plan.training(0)]).toEqual([1, 0.7, undefined])
  })

  it('names itself a reconstruction', () => {
    expect(
      `${registry.sevenPre.label} ${registry.sevenPre.about} ${registry.sevenPre.cite}`.match(/reconstruction/gi),
    ).toHaveLength(3)
  })
})
