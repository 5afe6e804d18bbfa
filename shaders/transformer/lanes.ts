import aloneText from './parts/lanesAlone.wgsl?raw'
import inSubgroupText from './parts/lanesInSubgroup.wgsl?raw'
import togetherText from './parts/lanesTogether.wgsl?raw'

/**
 * Who owns a row: the lanes of a workgroup together, which add up through its memory or, `inSubgroup`, through their
 * registers; or a thread alone.
 */
export type Owner = 'together' | 'inSubgroup' | 'alone'

/** `sumOfLanes` and `largestOfLanes`, for constants `threads` and `lanes`, and `subgroupThreads` in a subgroup. */
export const lanes: Readonly<Record<Owner, string>> = {
  together: togetherText,
  inSubgroup: inSubgroupText,
  alone: aloneText,
}
