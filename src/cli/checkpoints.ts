/** The last two checkpoints of a run, in its folder. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../core/problem'
import type { Checkpoint } from '../engine/run/checkpoint'
import { readCheckpoint } from '../engine/run/checkpointFile'
import { writeWhole } from './writeWhole'

const [latest, previous] = ['checkpoint.safetensors', 'checkpoint.previous.safetensors'] as const

/** Keeps a checkpoint, and the one before it. */
export function keepCheckpoint(folder: string, file: Uint8Array): void {
  writeWhole(folder, latest, file, previous)
}

/** Removes them: the run is at its end. */
export function forgetCheckpoints(folder: string): void {
  for (const name of [latest, previous]) rmSync(join(folder, name), { force: true })
}

/**
 * The newest checkpoint that can be read; null where there is none. A newer one that cannot be read is removed: the
 * next save would keep it in the place of the good one.
 * @param tell hears of what was removed
 * @throws Problem where there are some and none can be read; they stay
 */
export async function newestCheckpoint(folder: string, tell: (text: string) => void): Promise<Checkpoint | null> {
  const unread: { readonly path: string; readonly problem: Problem }[] = []
  for (const path of [latest, previous].map((name) => join(folder, name)).filter((name) => existsSync(name))) {
    try {
      const checkpoint = await readCheckpoint(new Uint8Array(readFileSync(path)), path)
      for (const { path, problem } of unread) {
        rmSync(path)
        tell(`${problem.what} It was removed; the one before it is taken.`)
      }
      return checkpoint
    } catch (error) {
      unread.push({ path, problem: Problem.from(error) })
    }
  }
  if (!unread[0]) return null
  const { problem } = unread[0]
  throw new Problem(problem.what, 'Add --force to begin the run again, which overwrites it.', { cause: problem })
}
