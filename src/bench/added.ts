import type { BenchResult } from './result'

/**
 * An earlier result with what another run of the benchmark on the same device measured: workloads, kernels and growth
 * that both have are the later one's.
 */
export function added(before: BenchResult, later: BenchResult): BenchResult {
  const kept = before.workloads.filter((w) => later.workloads.every(({ name }) => name !== w.name))
  const grown = before.growth.filter((g) => later.growth.every(({ axis }) => axis !== g.axis))
  return {
    ...later,
    command: `${before.command}; ${later.command}`,
    workloads: [...kept, ...later.workloads],
    kernels: later.kernels ?? before.kernels,
    growth: [...grown, ...later.growth],
  }
}
