import { expect, it } from 'vitest'
import { defaultExperiment } from './defaults'
import { embedCode } from './embedCode'
import { toLink } from './link'
import { whyLong } from './longLink'
import { noRole } from './role'

it('names what makes a link long, and nothing of one that is short', () => {
  const page = 'https://example.org/play/'
  expect(whyLong(page + toLink(defaultExperiment))).toEqual([])
  const role = { ...noRole, task: '任务'.repeat(300), lock: ['method', 'seed'] }
  const [first, second] = whyLong(page + toLink({ ...defaultExperiment, seed: 12 }, null, role))
  expect(first?.part).toBe('task')
  expect(first?.characters).toBeGreaterThan(4000)
  expect(second).toEqual({ part: 'lock', characters: 'lock=method_seed&'.length })
})

it('writes an address as HTML', () => {
  expect(embedCode('https://example.org/#/v1?a=1&b="<x>"')).toMatch(
    /^<iframe src="https:\/\/example\.org\/#\/v1\?a=1&amp;b=&quot;&lt;x>&quot;" title=".*<\/iframe>$/,
  )
})
