import { readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { countOnes } from '../../../src/core/bits'
import { maskAt } from '../../../src/past/maskAt'
import { recordingId, recordingIn } from './recordingFile'

const path = 'public/recording.json'
const text = readFileSync(path, 'utf8')

describe('the recorded run that comes with the page', () => {
  it('is small enough to come along', () => {
    expect(statSync(path).size).toBeLessThan(2e6)
  })

  it('is a whole run, which this version reads, mask by mask', async () => {
    const { run, record } = recordingIn(text)
    expect(run).toMatchObject({ runId: recordingId, steps: run.experiment.training.steps })
    expect(record.frames.length).toBeGreaterThan(20)
    for (const [i, { kept }] of record.frames.entries()) {
      const ones = (await maskAt(record, i)).reduce((sum, word) => sum + countOnes(word), 0)
      expect(ones).toBe(kept.reduce((sum, n) => sum + n, 0))
    }
    expect(record.frames.at(-1)?.kept.reduce((sum, n) => sum + n, 0)).toBe(run.kept)
    expect(record.frames.at(-1)?.sample?.value).toBeInstanceOf(Uint16Array)
  })

  it.each(['', '{}', '[]', text.slice(0, -2), text.replace('"frames":[', '"frames":[],"more":[')])(
    'is called damaged where it is',
    (damaged) => {
      expect(() => recordingIn(damaged)).toThrow('is damaged')
    },
  )
})
