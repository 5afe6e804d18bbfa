import { describe, expect, it } from 'vitest'
import { attackFiles } from './attackFiles'
import { kinds } from './kinds'

/** Six of each kind: as many as take some seconds. */
const fixed = Array.from({ length: 6 * kinds.length }, (_, seed) => seed)
/** New ones each time, above those; a fault names its seed. */
const start = 1000 + Math.floor(Math.random() * 1e6)
const drawn = Array.from({ length: 6 * kinds.length }, (_, i) => start + i)

describe('files', () => {
  it.each(kinds.map((kind) => [kind.name, kind] as const))('that are whole are read: %s', async (_, kind) => {
    await expect(kind.read(kind.bytes, new AbortController().signal)).resolves.toBeUndefined()
  })

  it('that are damaged give data or a Problem', async () => {
    const { faults, problems, tried } = await attackFiles(fixed)
    expect(faults).toEqual([])
    // Of files that are hardly damaged, most would be read.
    expect(problems).toBeGreaterThan(tried / 2)
  })

  it(`that are damaged in new ways give data or a Problem (seeds from ${start})`, async () => {
    expect((await attackFiles(drawn)).faults).toEqual([])
  })
})
