import { describe, expect, it } from 'vitest'
import { freshSince, localStep, rateStep, timetable } from './rounds'

describe('timetable', () => {
  it('gives a run without rounds one stage', () => {
    expect(timetable(10)).toEqual({ stages: [{ begin: 0, end: 10, from: 0 }], length: 10, fineTunes: false })
  })

  it('shares steps among trainings that rewind to their beginning', () => {
    // Three trainings of 100 / 3 = 33 steps; the step left over goes to the last.
    const table = timetable(100, { count: 2, share: 0 })
    expect(table.length).toBe(33)
    expect(table.stages).toEqual([{ begin: 0, end: 33, from: 0 }, { begin: 33, end: 66, from: 0 }, { begin: 66, end: 100, from: 0 }])
    expect([0, 32, 33, 65, 66, 98, 99].map((t) => localStep(table, t))).toEqual([0, 32, 0, 32, 0, 32, 32])
  })

  it('begins later trainings at the rewinding point', () => {
    // length L with L + 2 * 0.75 L = 100: 40; the point is step 10, so later trainings take 30 steps.
    const table = timetable(100, { count: 2, share: 0.25 })
    expect(table.length).toBe(40)
    expect(table.stages).toEqual([{ begin: 0, end: 40, from: 0 }, { begin: 40, end: 70, from: 10 }, { begin: 70, end: 100, from: 10 }])
    expect([39, 40, 69, 70, 99].map((t) => localStep(table, t))).toEqual([39, 10, 39, 10, 39])
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
    expect(stages.map(({ begin, end }) => [begin, end])).toEqual([[0, 1], [1, 2], [2, 3]])
  })
})
