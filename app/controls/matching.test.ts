import { expect, test } from 'vitest'
import { bestOf, matching, type PickerGroup } from './matching'

const option = (id: string, label: string, detail = '', about = '') => ({ id, label, detail, about })
const groups: readonly PickerGroup[] = [
  { name: 'control', options: [option('dense', 'Dense')] },
  {
    name: 'before training',
    options: [
      option('sevenPre', 'SEVENpre', 'Xiao et al.', 'With one batch as SNIP.'),
      option('snip', 'SNIP', 'Lee et al., arXiv:1810.02340', 'Keeps |w g|.'),
    ],
  },
]
const found = (query: string) => matching(groups, query).map((group) => [group.name, ...group.options.map((o) => o.id)])

test('an empty query finds everything under its groups', () => {
  expect(found('')).toEqual([
    ['control', 'dense'],
    ['before training', 'sevenPre', 'snip'],
  ])
})

test('every word must be there, in whatever field, in any letter case', () => {
  expect(found('1810.02340')).toEqual([['before training', 'snip']])
  expect(found('BEFORE lee')).toEqual([['before training', 'snip']])
  expect(found('snip')).toEqual([['before training', 'sevenPre', 'snip']])
  expect(found('lee xiao')).toEqual([])
})

test('the best one is named by the query before it is described by it', () => {
  expect(bestOf(matching(groups, 'snip'), 'snip')?.id).toBe('snip')
  expect(bestOf(matching(groups, 'pre'), 'pre')?.id).toBe('sevenPre')
  expect(bestOf(matching(groups, 'batch'), 'batch')?.id).toBe('sevenPre')
  expect(bestOf([], 'x')).toBeUndefined()
})
