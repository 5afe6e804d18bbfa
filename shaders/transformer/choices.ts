/** Kernels that choose by the input: the strongest entries of a row, an expert for each token, rows that move. */
import { flat } from '..'
import { uniformStruct } from '../uniformStruct'
import lanesAloneText from './lanesAlone.wgsl?raw'
import lanesTogetherText from './lanesTogether.wgsl?raw'
import routeText from './route.wgsl?raw'
import strongestGradientText from './strongestGradient.wgsl?raw'
import strongestText from './strongest.wgsl?raw'
import takeRowsText from './takeRows.wgsl?raw'

export const strongestShape = uniformStruct('Shape', { rows: 'u32', width: 'u32' })
/** With the threads that share a row together, or a thread for each; needs `threads` and `lanes`. */
export const strongest = {
  together: strongestShape.wgsl + lanesTogetherText + strongestText,
  alone: strongestShape.wgsl + lanesAloneText + strongestText,
} as const
export const strongestGradient = strongestShape.wgsl + flat + strongestGradientText

export const routeShape = uniformStruct('Shape', { tokens: 'u32', experts: 'u32', capacity: 'u32' })
/** One workgroup an expert; needs `rowThreads`. */
export const route = routeShape.wgsl + routeText

export const takeRowsShape = uniformStruct('Shape', { width: 'u32' })
export const takeRows = takeRowsShape.wgsl + flat + takeRowsText
