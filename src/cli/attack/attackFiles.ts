import { cpuUsage, memoryUsage } from 'node:process'
import { Problem } from '../../core/problem'
import { kinds, type Kind } from './kinds'
import { mutate } from './mutate'

/** Seconds of processor time that a file may take: a busy machine may take any time by the clock. */
const mostSeconds = 2
/** Bytes by which a file of some kilobytes may make the process grow. */
const mostBytes = 700e6
/** What no sentence for people may hold: it is a value or a library that was not asked. */
const leaked = /undefined|\[object|NaN|Cannot read prop|is not a function|RangeError|TypeError/

/** What came of damaged files. */
export interface Attacked {
  readonly tried: number
  /** How many gave data. */
  readonly read: number
  /** How many gave a Problem. */
  readonly problems: number
  readonly slowest: number
  /** What went wrong, in a line each: kind, seed, and what. */
  readonly faults: readonly string[]
}

/**
 * Reads damaged files, one a seed, each of the next kind. Each must give data or a Problem in words for people, within
 * 2 s of processor time and in bounded memory.
 *
 * @param before is told of each file before it is read: whoever waits for it knows what hangs
 */
export async function attackFiles(
  seeds: Iterable<number>,
  before: (what: string) => void = () => undefined,
): Promise<Attacked> {
  let [tried, read, problems, slowest] = [0, 0, 0, 0]
  const faults: string[] = []
  for (const seed of seeds) {
    const kind = kinds[seed % kinds.length] as Kind
    const other = kinds[Math.floor(seed / kinds.length) % kinds.length] as Kind
    const bytes = mutate(kind.bytes, other.bytes, seed)
    before(`${kind.name}, seed ${seed}`)
    const memory = memoryUsage().rss
    const time = cpuUsage()
    const said = await outcome(kind, bytes)
    const seconds = cpuUsage(time).user / 1e6
    const grown = memoryUsage().rss - memory
    if (said.fault !== null) faults.push(`${kind.name}, seed ${seed}: ${said.fault}`)
    if (seconds > mostSeconds) faults.push(`${kind.name}, seed ${seed}: took ${seconds.toFixed(1)} s`)
    if (grown > mostBytes) faults.push(`${kind.name}, seed ${seed}: took ${Math.round(grown / 1e6)} MB`)
    tried++
    read += said.isRead ? 1 : 0
    problems += said.isProblem ? 1 : 0
    slowest = Math.max(slowest, seconds)
  }
  return { tried, read, problems, slowest, faults }
}

interface Outcome {
  readonly isRead: boolean
  readonly isProblem: boolean
  readonly fault: string | null
}

async function outcome(kind: Kind, bytes: Uint8Array): Promise<Outcome> {
  try {
    await kind.read(bytes, new AbortController().signal)
    return { isRead: true, isProblem: false, fault: null }
  } catch (error) {
    if (!(error instanceof Problem))
      return { isRead: false, isProblem: false, fault: String((error as Error).stack ?? error) }
    return { isRead: false, isProblem: true, fault: leaked.test(error.message) ? error.message : null }
  }
}
