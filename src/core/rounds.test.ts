import { describe, expect, it } from 'vitest'
import { freshSince, localStep, rateStep, timetable, type Timetable } from './rounds'

describe('timetable', () => {
  it('gives a run without rounds one stage', () => {
    expect(timetable(10)).toEqual({ stages: [{ begin: 0, end: 10, from: 0 }], length: 10, fineTunes: false })
  })

  it('shares steps among trainings that rewind to their beginning', () => {
    // Three trainings of 100 / 3 = 33 steps; the step left over goes to the first, with data of its own at the last
    // rate.
    const table = timetable(100, { count: 2, share: 0 })
    expect(table.length).toBe(33)
    expect(table.stages).toEqual([
      { begin: 0, end: 34, from: 0 },
      { begin: 34, end: 67, from: 0 },
      { begin: 67, end: 100, from: 0 },
    ])
    expect([0, 32, 33, 34, 66, 67, 99].map((t) => localStep(table, t))).toEqual([0, 32, 33, 0, 32, 0, 32])
    expect([0, 32, 33, 34, 66, 67, 99].map((t) => rateStep(table, t))).toEqual([0, 32, 32, 0, 32, 0, 32])
  })

  it('begins later trainings at the rewinding point', () => {
    // length L with L + 2 * 0.75 L = 100: 40; the point is step 10, so later trainings take 30 steps.
    const table = timetable(100, { count: 2, share: 0.25 })
    expect(table.length).toBe(40)
    expect(table.stages).toEqual([
      { begin: 0, end: 40, from: 0 },
      { begin: 40, end: 70, from: 10 },
      { begin: 70, end: 100, from: 10 },
    ])
    expect([39, 40, 69, 70, 99].map((t) => localStep(table, t))).toEqual([39, 10, 39, 10, 39])
  })

  const ends = ({ stages, length }: Timetable) => ({
    length,
    first: stages[0]?.end,
    later: [...new Set(stages.slice(1).map(({ begin, end }) => end - begin))],
  })

  it('ends every training at its last step, however the rewinding point is rounded', () => {
    // L = 57 from floor(2.85) = 2 needs 57 + 10 * 55 = 607; L = 56 from 2 needs 56 + 10 * 54 = 596: 4 are left over.
    const table = timetable(600, { count: 10, share: 0.05 })
    expect(ends(table)).toEqual({ length: 56, first: 60, later: [54] })
    expect(table.stages).toHaveLength(11)
    expect(table.stages.map(({ end }) => rateStep(table, end - 1))).toEqual(Array.from({ length: 11 }, () => 55))
    expect(table.stages.slice(1).map(({ begin }) => localStep(table, begin))).toEqual(
      Array.from({ length: 10 }, () => 2),
    )
  })

  it('reads no batch twice in a training for steps that are left over', () => {
    // 19 * 78 = 1482, 19 * 79 = 1501: 18 are left over.
    const table = timetable(1500, { count: 18, share: 0 })
    expect(ends(table)).toEqual({ length: 78, first: 96, later: [78] })
    for (const { begin, end } of table.stages) {
      expect(new Set(Array.from({ length: end - begin }, (_, i) => localStep(table, begin + i))).size).toBe(end - begin)
    }
    expect([77, 78, 95, 96].map((t) => localStep(table, t))).toEqual([77, 78, 95, 0])
  })

  it('fills a run where nothing is left over', () => {
    // 312 from floor(15.6) = 15: 312 + 4 * 297 = 1500.
    expect(ends(timetable(1500, { count: 4, share: 0.05 }))).toEqual({ length: 312, first: 312, later: [297] })
  })

  it('finds the longest trainings that a run has room for, and uses all of its steps', () => {
    for (let steps = 2; steps < 60; steps++)
      for (let count = 1; count < Math.min(21, steps); count++)
        for (const share of [0, 0.05, 0.3, 0.5]) {
          const table = timetable(steps, { count, share })
          const needed = (length: number) => length + count * (length - Math.floor(share * length))
          const lengths = Array.from({ length: steps }, (_, i) => i + 1).filter((length) => needed(length) <= steps)
          expect(table.length).toBe(Math.max(...lengths))
          expect([table.stages.length, table.stages.at(-1)?.end]).toEqual([count + 1, steps])
          expect(table.stages.map(({ end }) => rateStep(table, end - 1))).toEqual(
            Array.from({ length: count + 1 }, () => table.length - 1),
          )
        }
  })

  it('goes on where it fine-tunes: the last rate of a training, moments as they are; data begin again', () => {
    // As above: stages from 0, 40 and 70, a training of 40.
    const table = timetable(100, { count: 2, share: 0.25, rewind: 'fineTune' })
    expect([0, 39, 40, 69, 99].map((t) => rateStep(table, t))).toEqual([0, 39, 39, 39, 39])
    expect([39, 40, 70, 99].map((t) => freshSince(table, t))).toEqual([0, 0, 0, 0])
    expect([40, 70].map((t) => localStep(table, t))).toEqual([10, 10])
    const rewound = timetable(100, { count: 2, share: 0.25, rewind: 'rate' })
    expect([39, 40, 70].map((t) => rateStep(rewound, t))).toEqual([39, 10, 10])
    expect([39, 40, 99].map((t) => freshSince(rewound, t))).toEqual([0, 40, 70])
  })

  it('stays within runs of few steps', () => {
    expect(timetable(1, { count: 5, share: 0 }).stages).toEqual([{ begin: 0, end: 1, from: 0 }])
    const { stages } = timetable(3, { count: 5, share: 0 })
    expect(stages.map(({ begin, end }) => [begin, end])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ])
  })
})
