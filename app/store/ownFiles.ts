import { hashOf } from '../../src/config/identity'
import type { Experiment } from '../../src/core/experiment'

/**
 * What tells experiments on different files of the user apart, for their link does not: a hash of names, sizes and
 * dates. Empty where the data set reads none.
 */
export function ownFiles({ data }: Experiment, files: readonly File[]): string {
  if (data.id !== 'dropped') return ''
  return hashOf(
    files
      .map((file) => [file.webkitRelativePath || file.name, file.size, file.lastModified].join('\0'))
      .sort()
      .join('\n'),
  )
}

/** Id of a run as it is kept: its own, and behind it the files that it read. */
export function keptId(runId: string, files: string): string {
  return files === '' ? runId : `${runId}-${files}`
}
