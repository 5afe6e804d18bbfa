import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Problem } from '../core/problem'
import { codeOf } from './codeOf'
import { refusalOf } from './output'

/** This machine's name, as a part of file names. */
const thisHost = hostname().replace(/[^\w-]/g, '_')

/**
 * Writes under another name and renames, so that a killed command leaves no half file, and one that finds no room
 * leaves nothing.
 * @param previous the name that a file of that name takes
 */
export function writeWhole(folder: string, name: string, content: string | Uint8Array, previous?: string): void {
  mkdirSync(folder, { recursive: true })
  const [aside, place] = [asideOf(folder, name, process.pid), join(folder, name)]
  try {
    // To the disk, before another file loses its name to it.
    writeFileSync(aside, content, { flush: true })
    if (previous && existsSync(place)) renameSync(place, join(folder, previous))
    renameSync(aside, place)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
}

/** Removes what commands that were killed while they wrote left in a folder. */
export function clearAsides(folder: string): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const [, host, pid] = /^\..+\.([^.]+)\.(\d+)$/.exec(name) ?? []
    // Another machine may write into the same folder; whether its commands live cannot be known here.
    if (host === thisHost && !isAlive(Number(pid))) rmSync(join(folder, name), { force: true })
  }
}

function asideOf(folder: string, name: string, pid: number): string {
  return join(folder, `.${name}.${thisHost}.${pid}`)
}

/** Whether a process of this machine runs. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** Milliseconds until a full disk is tried again. */
const patienceMs = 2000

/**
 * Writes, and where the disk is full tries again until there is room.
 * @param tell hears once that it waits @param signal ends waiting
 * @throws Problem when the signal fires while the disk is full, and where nothing can be written for another reason
 */
export async function whenRoom(
  folder: string,
  write: () => void,
  tell: (text: string) => void,
  signal: AbortSignal,
  pauseMs = patienceMs,
): Promise<void> {
  for (let told = false; ; told = true) {
    try {
      write()
      return
    } catch (error) {
      if (!isFull(error)) throw refusalOf('--out', folder, error)
      if (signal.aborted)
        throw new Problem(
          `No space is left for ${folder}.`,
          'Free some and run the command again: it goes on from the last checkpoint that was written.',
          { cause: error },
        )
      if (!told) tell(`No space is left for ${folder}. The run waits until you free some; Ctrl-C ends it.`)
      await setTimeout(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** Whether there was no room on the disk, as an error of the system or a Problem says it. */
export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(codeOf(error instanceof Problem ? error.cause : error))
}
