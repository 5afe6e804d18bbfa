import { expect, it } from 'vitest'
import { SavePace } from './savePace'

it('waits for the interval, and so long after a slow save that saving takes 2 % of the time', () => {
  let now = 1000
  const pace = new SavePace(() => now, 30_000)
  const dueAt = (time: number) => {
    now = time
    return pace.due
  }
  expect([dueAt(30_999), pace.affordable, dueAt(31_000)]).toEqual([false, true, true])
  pace.begin()
  expect([dueAt(90_000), pace.affordable]).toEqual([false, false])
  now = 31_100
  pace.end()
  // 0.1 s is less than 2 % of 30 s, and 2 % of 5 s.
  expect([dueAt(36_099), pace.affordable, dueAt(36_100), pace.affordable]).toEqual([false, false, false, true])
  expect([dueAt(61_099), dueAt(61_100)]).toEqual([false, true])
  pace.begin()
  now = 63_100
  pace.end()
  // Two seconds are 2 % of 100 s.
  expect([dueAt(163_099), dueAt(163_100)]).toEqual([false, true])
  pace.begin()
  now = 963_100
  pace.end()
  // Ten minutes of a full disk are no reason to save nothing for hours: ten intervals.
  expect([dueAt(1_263_099), dueAt(1_263_100)]).toEqual([false, true])
})

it('is due early once, and so long after a slow first save that saving takes 2 % of the time', () => {
  let now = 0
  const pace = new SavePace(() => now, 30_000, 3000)
  const dueAt = (time: number) => {
    now = time
    return pace.due
  }
  expect([dueAt(2999), dueAt(3000)]).toEqual([false, true])
  pace.begin()
  now = 4000
  pace.end()
  expect([dueAt(53_999), dueAt(54_000)]).toEqual([false, true])
  const quick = new SavePace(() => now, 10, 3000)
  expect(quick.due).toBe(false)
  now = 54_010
  expect(quick.due).toBe(true)
})
