import aloneText from './lanesAlone.wgsl?raw'
import inSubgroupText from './lanesInSubgroup.wgsl?raw'
import togetherText from './lanesTogether.wgsl?raw'

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
