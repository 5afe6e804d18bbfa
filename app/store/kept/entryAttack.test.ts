import { expect, it } from 'vitest'
import { mutate } from '../../../src/cli/attack/mutate'
import { attackSeeds, attackSize } from '../../../src/cli/attack/size'
import { Problem } from '../../../src/core/problem'
import { handRun } from '../../testing/handRun'
import { families, methodCurves, outcomesOf } from '../comparison'
import { adopted, entryOf, isRun, readEntry, stronger } from './entry'
import stored from './entries.json'
import { entriesIn, runsFile } from './runsFile'

const bytes = (text: string) => new TextEncoder().encode(text)
const runs = [...stored.map(({ run }) => run), handRun(1)].map((run) => JSON.stringify(run))
const file = runsFile([entryOf(handRun(1)), entryOf(handRun(2))])
const { seeds, drawn } = attackSeeds(attackSize(600, 20_000))
const damaged = (text: string, seed: number) => new TextDecoder().decode(mutate(bytes(text), bytes(file), seed))

it(`damaged runs are read or say why not, and never take the place of whole ones (new seeds from ${drawn})`, () => {
  const whole = entryOf(handRun(1))
  for (const seed of seeds) {
    const text = damaged(runs[seed % runs.length] ?? '', seed)
    const run = parsed(text)
    const entry = adopted(run, 1 + (seed % 3), 'x')
    const read = readEntry(entry)
    if (isRun(read)) {
      // What panels draw of it.
      expect(families([read])).toHaveLength(1)
      methodCurves(outcomesOf([read]))
    } else {
      expect(read.why, `seed ${seed}`).not.toMatch(/undefined|\[object|NaN|TypeError/)
      expect(stronger(whole, { ...whole, version: entry.version, run })).toBe(whole)
    }
  }
}, 3_600_000)

it(`damaged files of runs give runs or a Problem (new seeds from ${drawn})`, () => {
  for (const seed of seeds)
    try {
      entriesIn(parsed(damaged(file, seed)))
    } catch (error) {
      expect(error, `seed ${seed}`).toBeInstanceOf(Problem)
    }
}, 3_600_000)

/** JSON as far as it is JSON; else the text itself, which old versions may have left. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
