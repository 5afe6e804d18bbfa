import { expect, it } from 'vitest'
import { nearestName } from './nearestName'

it.each([
  ['snp', 'snip'],
  ['snipp', 'snip'],
  ['mprc', 'mrpc'],
  ['SNOP', 'snip'],
  ['seven-dyne', 'sevenDyn'],
  ['resnet', null],
  ['s', null],
  ['', null],
  ['xy', null],
])('of %j it makes %j', (written, name) => {
  expect(nearestName(['sevenDyn', 'snip', 'mrpc', 'x'], written)).toBe(name)
})
