/** The last two checkpoints of a run, in its folder. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../core/problem'
import type { Checkpoint } from '../engine/checkpoint'
import { readCheckpoint } from '../engine/checkpointFile'
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
 * The newest checkpoint that can be read; null where there is none.
 * @param tell hears of one that cannot be read while the one before it can
 * @throws Problem where there are some and none can be read
 */
export async function newestCheckpoint(folder: string, tell: (text: string) => void): Promise<Checkpoint | null> {
  const problems: Problem[] = []
  for (const path of [latest, previous].map((name) => join(folder, name)).filter((name) => existsSync(name))) {
    try {
      const checkpoint = await readCheckpoint(new Uint8Array(readFileSync(path)), path)
      for (const { what } of problems) tell(what)
      return checkpoint
    } catch (error) {
      problems.push(Problem.from(error))
    }
  }
  if (!problems[0]) return null
  throw new Problem(problems[0].what, 'Add --force to begin the run again, which overwrites it.', {
    cause: problems[0],
  })
}
