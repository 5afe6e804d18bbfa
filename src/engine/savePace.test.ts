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
