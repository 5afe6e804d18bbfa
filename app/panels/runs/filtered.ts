import { sparsityOf } from '../../../src/config/comparison'
import { familyLabel } from '../../../src/config/familyLabel'
import { runLabel } from '../../../src/config/runLabel'
import type { KeptRun, RunColour } from '../../store/runs'

/** Shares of cut weights that a reader may look for. */
export const sparsities = {
  any: 'Any sparsity',
  none: 'Nothing cut',
  half: 'Up to 50 %',
  most: '50 to 80 %',
  high: '80 to 95 %',
  extreme: 'Over 95 %',
} as const

/** Which kept runs are listed; an empty text stands for all. */
export interface Filter {
  /** Words, each of which a run has somewhere in its names. */
  readonly text: string
  /** Ids. */
  readonly method: string
  readonly data: string
  readonly sparsity: keyof typeof sparsities
  readonly mark: '' | 'pinned' | RunColour
}

/** Every run. */
export const noFilter: Filter = { text: '', method: '', data: '', sparsity: 'any', mark: '' }

/** The runs that pass, in their order. */
export function filtered(runs: readonly KeptRun[], { text, method, data, sparsity, mark }: Filter): KeptRun[] {
  const words = text.toLowerCase().split(/\s+/)
  return runs.filter((run) => {
    const { experiment } = run
    if (method !== '' && experiment.method.id !== method) return false
    if (data !== '' && experiment.data.id !== data) return false
    if (sparsity !== 'any' && rangeOf(sparsityOf(run)) !== sparsity) return false
    if (mark !== '' && (mark === 'pinned' ? run.pinned !== true : run.colour !== mark)) return false
    const names = [run.name ?? '', runLabel(experiment), familyLabel(experiment), run.source].join(' ').toLowerCase()
    return words.every((word) => names.includes(word))
  })
}

/** Sparsities come out a little beside what was asked for. */
function rangeOf(sparsity: number): Filter['sparsity'] {
  if (sparsity === 0) return 'none'
  if (sparsity <= 0.505) return 'half'
  if (sparsity <= 0.805) return 'most'
  return sparsity <= 0.955 ? 'high' : 'extreme'
}
