import { anatomy } from './panels/anatomy'
import type { Panel } from './panels/panel'
import { gates } from './panels/gates'
import { glossary } from './panels/glossary'
import { latency } from './panels/latency'
import { layers } from './panels/layers'
import { lessons } from './panels/lessons'
import { noise } from './panels/noise'
import { recipe } from './panels/recipe'
import { runs } from './panels/runs'
import { size } from './panels/size'
import { stability } from './panels/stability'
import { subsetSum } from './panels/subsetSum'
import { tryIt } from './panels/tryIt'
import { twoMasks } from './panels/twoMasks'
import { wrong } from './panels/wrong'

/** The panels on tabs, in reading order. They are loaded after the first view. */
export const onTabs: readonly Panel[] = [
  tryIt,
  wrong,
  recipe,
  runs,
  twoMasks,
  noise,
  stability,
  anatomy,
  layers,
  gates,
  latency,
  size,
  lessons,
  subsetSum,
  glossary,
]
