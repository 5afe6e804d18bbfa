import * as shaders from '../../../shaders/transformer'
import type { Alternative, Program } from '../program'
import type { Lanes } from './tiles'

/**
 * A kernel whose lanes share rows; beside it, where all subgroups of the device are of one size that the lanes divide,
 * the same through their registers.
 * @param text the kernel of an owner
 */
export function sharedRows(
  device: GPUDevice,
  { threads, lanes }: Lanes,
  grid: Program['grid'],
  text: (owner: shaders.Owner) => string,
): Required<Pick<Program, 'code' | 'grid' | 'alternatives'>> {
  const own = shaders.constants({ threads, lanes })
  if (lanes === 1) return { code: own + text('alone'), grid, alternatives: [] }
  const size = subgroupThreads(device)
  const fits = size > 0 && size % lanes === 0 && threads % size === 0
  const inSubgroup = (): Alternative => ({
    name: 'in subgroups',
    code: `enable subgroups;\n${own}${shaders.constants({ subgroupThreads: size })}${text('inSubgroup')}`,
    grid,
  })
  return { code: own + text('together'), grid, alternatives: fits ? [inSubgroup()] : [] }
}

/** Threads of every subgroup; 0 where WGSL may not use them, or where their number depends on the kernel. */
function subgroupThreads({ features, adapterInfo }: GPUDevice): number {
  const { subgroupMinSize, subgroupMaxSize } = adapterInfo
  return features.has('subgroups') && subgroupMinSize === subgroupMaxSize ? subgroupMaxSize : 0
}
