/** Kernels that choose by the input: the strongest entries of a row, an expert for each token, rows that move. */
import flat from '../parts/flat.wgsl?raw'
import { uniformStruct } from '../parts/uniformStruct'
import { lanes, type Owner } from './lanes'
import routeText from './route.wgsl?raw'
import strongestGradientText from './strongestGradient.wgsl?raw'
import strongestText from './strongest.wgsl?raw'
import takeRowsText from './takeRows.wgsl?raw'

export const strongestShape = uniformStruct('Shape', { rows: 'u32', width: 'u32' })
/** Needs `threads` and `lanes`, and `subgroupThreads` in a subgroup. */
export function strongest(owner: Owner): string {
  return strongestShape.wgsl + lanes[owner] + strongestText
}
export const strongestGradient = strongestShape.wgsl + flat + strongestGradientText

export const routeShape = uniformStruct('Shape', { tokens: 'u32', experts: 'u32', capacity: 'u32' })
/** One workgroup an expert; needs `rowThreads`. */
export const route = routeShape.wgsl + routeText

export const takeRowsShape = uniformStruct('Shape', { width: 'u32' })
export const takeRows = takeRowsShape.wgsl + flat + takeRowsText
