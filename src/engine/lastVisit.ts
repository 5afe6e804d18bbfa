/** The one checkpoint that outlives the page, in the host's cache. */
import type { Host } from '../core/host'
import { Problem } from '../core/problem'
import type { Checkpoint } from './checkpoint'
import { checkpointFile, readCheckpoint } from './checkpointFile'

const cacheKey = 'checkpoint'

/** Keeps a checkpoint for the next visit, in the place of the one before. @returns whether there was room */
export async function keepForNextVisit({ cache }: Host, checkpoint: Checkpoint): Promise<boolean> {
  return cache.put(cacheKey, (await checkpointFile(checkpoint)).buffer)
}

/** The checkpoint of the last visit. @throws Problem when there is none, or no whole one */
export async function keptOnLastVisit({ cache }: Host): Promise<Checkpoint> {
  const file = await cache.get(cacheKey)
  if (file) return readCheckpoint(new Uint8Array(file), 'What the browser kept of the run')
  throw new Problem('The browser did not keep the run.', 'Begin it again.')
}

/** Removes it: its run has ended, or is wanted no more. */
export async function forgetLastVisit({ cache }: Host): Promise<void> {
  await cache.remove(cacheKey)
}
