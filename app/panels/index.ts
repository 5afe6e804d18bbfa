import { comparison } from './comparison'
import { learning } from './learning'
import { leftRun } from './leftRun'
import { now } from './now'
import type { Panel } from './panel'
import { pretraining } from './pretraining'
import { progress } from './progress'
import { setUp } from './setUp'
import { share } from './share'
import { task } from './task'
import { shownRun } from './shownRun'
import { weightMap } from './weightMap'

/** The panels of the first view, one a line, in reading order; those on tabs stand in `app/onTabs.ts`. */
export const panels: readonly Panel[] = [
  setUp,
  progress,
  share,
  leftRun,
  task,
  shownRun,
  weightMap,
  now,
  comparison,
  pretraining,
  learning,
]
