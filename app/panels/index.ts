import { comparison } from './comparison'
import { gates } from './gates'
import { latency } from './latency'
import { layers } from './layers'
import { learning } from './learning'
import { leftRun } from './leftRun'
import { noise } from './noise'
import type { Panel } from './panel'
import { pretraining } from './pretraining'
import { recipe } from './recipe'
import { runControls } from './runControls'
import { setUp } from './setUp'
import { share } from './share'
import { shownRun } from './shownRun'
import { size } from './size'
import { stability } from './stability'
import { subsetSum } from './subsetSum'
import { weightMap } from './weightMap'

/** Every panel, one a line, in reading order. */
export const panels: readonly Panel[] = [
  share,
  leftRun,
  runControls,
  setUp,
  shownRun,
  weightMap,
  comparison,
  recipe,
  pretraining,
  learning,
  noise,
  stability,
  gates,
  layers,
  latency,
  size,
  subsetSum,
]
