import { describe, expect, it } from 'vitest'
import type { Learner } from '../core/objective'
import { defaults } from '../core/knob'
import { RandomStream } from '../core/random'
import { miniBert, vitTiny } from '../models'
import { patchObjective } from './maskedPatches'
import { tokenObjective } from './maskedTokens'
import { turning } from './rotation'

const random = (seed = 1) => new RandomStream(seed, 77)

describe('masked tokens', () => {
  const learner = {
    model: miniBert,
    values: defaults(miniBert.knobs),
    input: { task: 'text', vocabulary: 50, length: 12, classes: 2 },
  } as unknown as Learner

  /** Rows of [CLS], eight words, [SEP], two of padding. */
  const rows = (count: number) =>
    Int32Array.from({ length: 12 * count }, (_, i) => [2, 10, 11, 12, 13, 14, 15, 16, 17, 3, 0, 0][i % 12] ?? 0)

  it('hides two of eight words where a quarter is asked for, tells where and what, and nothing else', () => {
    const objective = tokenObjective(0.25)
    // A quarter of ten places at most: three for each example.
    expect(objective.words(learner)).toBe(6)
    const ids = rows(2)
    const labels = new Int32Array(12)
    objective.hide({ ids, labels }, learner, random())
    const before = rows(2)
    const told = [0, 1, 2, 3, 4, 5].map((k) => [labels[k] ?? -1, labels[6 + k] ?? -1] as const)
    for (const [k, [at, token]] of told.entries()) {
      const row = Math.floor(k / 3)
      expect(Math.floor(at / 12)).toBe(row)
      // The third place of each example is free.
      expect(token).toBe(k % 3 === 2 ? -1 : before[at])
    }
    const places = told.filter(([, token]) => token >= 0).map(([at]) => at)
    expect(new Set(places).size).toBe(4)
    for (const [i, id] of before.entries()) if (!places.includes(i)) expect(ids[i]).toBe(id)
    for (const at of places) expect(before[at]).toBeGreaterThanOrEqual(4)
  })

  it('shows [UNK] for 80 % of what it hides, another word for 10 %, the word itself for 10 %', () => {
    const [count, objective] = [4000, tokenObjective(0.25)]
    const ids = rows(count)
    const labels = new Int32Array(count * 6)
    objective.hide({ ids, labels }, learner, random(3))
    const half = labels.length / 2
    const shown = [...labels.subarray(0, half)].flatMap((at, k) => {
      const token = labels[half + k] ?? -1
      return token < 0 ? [] : [ids[at] === 1 ? 'hidden' : ids[at] === token ? 'kept' : 'other']
    })
    const share = (kind: string) => shown.filter((found) => found === kind).length / shown.length
    expect(shown).toHaveLength(2 * count)
    // Standard errors of 8,000 draws are 0.45 and 0.34 %.
    expect(Math.abs(share('hidden') - 0.8)).toBeLessThan(0.015)
    expect(Math.abs(share('kept') - 0.1)).toBeLessThan(0.012)
  })

  it('hides nothing of a text without words', () => {
    const ids = Int32Array.of(2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    const labels = new Int32Array(6)
    tokenObjective(0.25).hide({ ids, labels }, learner, random())
    expect([...labels]).toEqual([0, 0, 0, -1, -1, -1])
  })
})

describe('masked patches', () => {
  it('hides as many patches of every image as are asked for, others each time', () => {
    const learner = {
      model: vitTiny,
      values: { ...defaults(vitTiny.knobs), patch: 4 },
      input: { task: 'image', shape: [16, 16, 3], classes: 2 },
    } as unknown as Learner
    const objective = patchObjective(0.6)
    expect(objective.words(learner)).toBe(16)
    const labels = new Int32Array(3 * 16)
    objective.hide({ labels }, learner, random())
    const images = [0, 1, 2].map((i) => labels.slice(16 * i, 16 * (i + 1)))
    // 0.6 of 16 is 9.6.
    for (const image of images) expect(image.reduce((a, b) => a + b, 0)).toBe(10)
    expect(images[0]).not.toEqual(images[1])
  })
})

describe('rotation', () => {
  it('turns images to the left by as many quarters as it tells', () => {
    const learner = { input: { task: 'image', shape: [2, 2, 1], classes: 2 } } as unknown as Learner
    // By hand: 1 2 over 3 4, turned to the left, is 2 4 over 1 3.
    const turned = ['1,2,3,4', '2,4,1,3', '4,3,2,1', '3,1,4,2']
    const labels = new Int32Array(40)
    const pixels = Uint8Array.from({ length: 160 }, (_, i) => (i % 4) + 1)
    turning.hide({ pixels, labels }, learner, random())
    expect(new Set(labels)).toEqual(new Set([0, 1, 2, 3]))
    for (const [i, count] of labels.entries()) expect(String(pixels.slice(4 * i, 4 * i + 4))).toBe(turned[count])
  })
})
