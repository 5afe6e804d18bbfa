/** Kept runs as one file, to save them, move them to another browser, or give them away. */
import { Problem } from '../../../src/core/problem'
import { describe } from '../../../src/config/settings'
import { isRecord } from '../../../src/core/isRecord'
import { adopted, isRun, readEntry, stronger, type Entry } from './entry'

const format = 'pruning-playground/runs'
const fileVersion = 1

/** All entries as JSON, one a line; those that this version cannot read are in it as they are. */
export function runsFile(entries: readonly Entry[]): string {
  const lines = entries.map(({ id, version, run }) => JSON.stringify({ id, version, run }))
  return `{"format": "${format}", "version": ${fileVersion}, "runs": [\n${lines.join(',\n')}\n]}\n`
}

/**
 * The entries of such a file, in today's form where they can be read; null where the JSON is something else.
 * @throws Problem when the file is broken or of a newer version
 */
export function entriesIn(json: unknown): readonly Entry[] | null {
  if (!isRecord(json) || json.format !== format) return null
  const { version, runs } = json
  if (version !== fileVersion)
    throw new Problem(
      `The file of runs has version ${describe(version)}; this page reads version ${fileVersion}.`,
      'Open it in the page that wrote it, or reload this page to get its newest version.',
    )
  if (!Array.isArray(runs))
    throw new Problem(`The file of runs holds ${describe(runs)} in place of a list.`, 'Download the runs again.')
  return runs.map((entry: unknown, i) => {
    if (isRecord(entry) && typeof entry.id === 'string' && typeof entry.version === 'number')
      return adopted(entry.run, entry.version, entry.id)
    throw new Problem(
      isRecord(entry)
        ? `Run ${i + 1} of the file has no id or no version.`
        : `Run ${i + 1} of the file is ${describe(entry)} in place of a run.`,
      'Download the runs again, or take that line out of the file.',
    )
  })
}

/** One or two sentences on what a file brings to the entries that are there. */
export function broughtBy(entries: readonly Entry[], there: readonly Entry[]): string {
  const known = new Map(there.map((entry) => [entry.key, entry]))
  const added = entries.filter((entry) => {
    const own = known.get(entry.key) ?? null
    return stronger(own, entry) !== own
  })
  const unread = added.filter((entry) => !isRun(readEntry(entry))).length
  const others = entries.length - added.length
  return [
    `${runs(added.length)} added.`,
    ...(others > 0 ? [`${runs(others)} of the file ${others === 1 ? 'was' : 'were'} here already.`] : []),
    ...(unread > 0 ? [`${unread} of them cannot be read by this version.`] : []),
  ].join(' ')
}

function runs(n: number): string {
  return n === 1 ? '1 run' : `${n} runs`
}
