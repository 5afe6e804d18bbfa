import { expect, test } from 'vitest'
import { cutShare, sentinelText } from './sentinels'

const none = { kept: 0, cut: 0 }

test('one sentence says how many of each a run cut', () => {
  // 2,359 of 19,660 are 0.11999; 2,906 of 3,340 are 0.87006.
  const classes = {
    sentinel: { kept: 17_301, cut: 2359 },
    temporary: { kept: 434, cut: 2906 },
    ordinary: { kept: 1, cut: 2 },
  }
  expect(sentinelText(classes)).toBe('Of 19,660 sentinels this method cut 12.0 %, of 3,340 temporary ones 87.0 %.')
  expect(sentinelText({ ...classes, temporary: none })).toBe('Of 19,660 sentinels this method cut 12.0 %.')
})

test('before the first gradient there is nothing to say', () => {
  expect(sentinelText({ sentinel: none, temporary: none, ordinary: { kept: 9, cut: 3 } })).toBe('')
  expect(cutShare(none)).toBeNull()
  expect(cutShare({ kept: 3, cut: 1 })).toBe(0.25)
})
