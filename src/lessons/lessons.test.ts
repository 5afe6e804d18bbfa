import { expect, test } from 'vitest'
import { lessons } from '.'
import type { Lesson, Outcome } from './lesson'
import { lessonIds } from './lessonIds'
import { taskExperiment } from './taskExperiment'
import { toLink } from '../config/link'

/**
 * Numbers of runs of shapes-quick at 80 %, seed 1, on one machine. Two are made up: kept weights of classes are rounded
 * to 1,000 in all, and what was measured of speed differs from device to device. Counts of temporary sentinels are
 * SEVENdyn's.
 */
function outcome(accuracy: number, sentinels: number, temporary: number): Outcome {
  const members = (share: number) => ({ kept: Math.round(1000 * (1 - share)), cut: Math.round(1000 * share) })
  return {
    accuracy,
    pruned: accuracy,
    kept: 3277,
    prunable: 16_384,
    classes: { sentinel: members(sentinels), temporary: members(temporary), ordinary: members(0.9) },
    temporary: [
      { step: 1, count: 0 },
      { step: 50, count: 599 },
      { step: 300, count: 434 },
      { step: 600, count: 335 },
    ],
    inTheory: 2.5,
    measured: 1.1,
  }
}

const magnitude = outcome(0.566, 0.428, 0.589)
const seven = outcome(0.548, 0.042, 0.836)
const platon = outcome(0.558, 0.025, 0.911)
const snip = outcome(0.463, 0.345, 0.439)
const after = outcome(0.206, 0.491, 0.606)
const [ticket, control] = [outcome(0.44, 0.4, 0.5), outcome(0.141, 0.5, 0.5)]

/** What comes in the runs of the lessons, and other answers that a lesson must be able to give. */
const came = {
  mask: [[magnitude], 'most', [after], 'some'],
  small: [[magnitude], 'many', [seven], 'few'],
  batches: [[seven], 'vary', [{ ...seven, temporary: [...seven.temporary, { step: 650, count: 700 }] }], 'grow'],
  bets: [[seven, platon], 'platon', [platon, seven], 'seven'],
  moment: [[snip, magnitude, after], 'during', [magnitude, snip, after], 'before'],
  lottery: [[ticket, control], 'ticket', [control, ticket], 'control'],
  speed: [[seven], 'none', [{ ...seven, measured: 3 }], 'some'],
} as const satisfies Readonly<Record<string, readonly [readonly Outcome[], string, readonly Outcome[], string]>>

test.each(lessonIds)('the lesson %s says what came, expected or not, as one of its answers', (id) => {
  const lesson: Lesson = lessons[id]
  const [usual, answer, other, unusual] = came[id]
  const [expected, surprise] = [lesson.see(usual), lesson.see(other)]
  expect([expected?.came, surprise?.came]).toEqual([answer, unusual])
  expect(Object.keys(lesson.answers)).toEqual(expect.arrayContaining([answer, unusual]))
  expect(expected?.text).not.toBe(surprise?.text)
  expect(lesson.see([])).toBeNull()
})

test.each(lessonIds)('each run of the lesson %s is another experiment, with all that it asks for', (id) => {
  const links = lessons[id].tasks.map((task) => {
    const { method } = taskExperiment(task)
    expect(method.id).toBe(task.settings.method)
    return toLink(taskExperiment(task))
  })
  expect(new Set(links).size).toBe(links.length)
})
