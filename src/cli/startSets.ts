import { statSync } from 'node:fs'
import { join } from 'node:path'
import { startingFrom } from '../config/firstRun'
import { Problem } from '../core/problem'
import { readConfiguration } from './configuration'

/**
 * What `--start` sets: the link of a finished run. @param run its folder, its `result.json`, a link, or a preset
 * @throws Problem when it is none of these, or no run can start from it
 */
export function startSets(run: string | undefined): readonly string[] {
  if (run === undefined) return []
  const isFolder = statSync(run, { throwIfNoEntry: false })?.isDirectory() === true
  const { experiment } = readConfiguration(isFolder ? join(run, 'result.json') : run, [])
  const next = startingFrom(experiment)
  if (typeof next === 'string') throw new Problem(`--start was given "${run}", from which no run can start.`, next)
  return [`start=${next.start.id}`, `start.link=${String(next.start.values.link)}`]
}
