import { hashOf } from '../../src/config/identity'
import { readsFiles } from '../../src/config/registries'
import type { Experiment } from '../../src/core/experiment'

/**
 * A hash of the names, sizes and dates of the user's files: it tells experiments on different files apart, which their
 * links do not. Empty where neither data nor start reads any.
 */
export function ownFiles(experiment: Experiment, files: readonly File[]): string {
  if (!readsFiles(experiment)) return ''
  return hashOf(
    files
      .map((file) => [file.webkitRelativePath || file.name, file.size, file.lastModified].join('\0'))
      .sort()
      .join('\n'),
  )
}

/** Id under which a run is kept: its own, then the hash of the files that it read. */
export function keptId(runId: string, files: string): string {
  return files === '' ? runId : `${runId}-${files}`
}
