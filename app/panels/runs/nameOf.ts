import { runLabel } from '../../../src/config/runLabel'
import type { KeptRun } from '../../store/runs'

/** What a run is called: the reader's name for it, else its own. */
export function nameOf({ name, experiment }: KeptRun): string {
  return name ?? runLabel(experiment)
}
