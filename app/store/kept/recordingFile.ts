import { Problem } from '../../../src/core/problem'
import { isRecord } from '../../../src/core/isRecord'
import type { Recorded } from '../../../src/core/recorded'
import type { KeptRun } from '../runs'
import { adopted, isRun, readEntry } from './entry'

/** A finished run with its course, which came with the page and was not made here. */
export interface Recording {
  readonly run: KeptRun
  readonly record: Recorded
}

/** Under which id a recording is shown: never that of a run that was made here. */
export const recordingId = 'recording'

/** Typed arrays as `npm run record` writes them into JSON. */
const arrays = { Uint8Array, Uint16Array }

/** The recorded run of a text that `npm run record` wrote. @throws Problem where it is another text, or damaged */
export function recordingIn(text: string): Recording {
  try {
    const { version, run, record } = JSON.parse(text, revived) as {
      readonly version: number
      readonly run: unknown
      readonly record: Recorded
    }
    const read = readEntry(adopted(run, version))
    if (isRun(read) && record.frames.length > 0) return { run: { ...read, runId: recordingId }, record }
  } catch {
    // Said below.
  }
  throw new Problem('The recorded run that came with this page is damaged.', 'Reload the page.')
}

function revived(_: string, value: unknown): unknown {
  if (!isRecord(value) || typeof value.base64 !== 'string') return value
  const { buffer } = Uint8Array.from(atob(value.base64), (sign) => sign.charCodeAt(0))
  return new arrays[value.array as keyof typeof arrays](buffer)
}
