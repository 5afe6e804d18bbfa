/** How this engine's step grows with batch, depth and width. */
import type { Host } from '../core/host'
import type { RuntimeOptions } from '../engine/run/runtime'
import { openOurs } from './peers/ours'
import type { Growth } from './result'
import { exponentOf, middle, type Point } from './statistics'
import { openTask, type Workload } from './workloads'

/** Values of the axes, from small to large. */
export interface GrowthRange {
  /** Everything that does not grow. */
  readonly base: Workload
  readonly batch: readonly number[]
  readonly depth: readonly number[]
  readonly width: readonly number[]
}

/** Times a step at every value, all else at the base. */
export async function timeGrowth(
  range: GrowthRange,
  host: Host,
  runtime: RuntimeOptions,
  say: (text: string) => void,
): Promise<Growth[]> {
  const axes = {
    batch: (x: number): Workload => ({ ...range.base, batch: x }),
    depth: (x: number): Workload => ({ ...range.base, model: { ...range.base.model, 'model.depth': x } }),
    width: (x: number): Workload => ({ ...range.base, model: { ...range.base.model, 'model.width': x } }),
  }
  const growth: Growth[] = []
  for (const axis of ['batch', 'depth', 'width'] as const) {
    const points: Point[] = []
    for (const x of range[axis]) {
      say(`${axis} ${x}`)
      points.push({ x, ms: await timeStep(axes[axis](x), host, runtime) })
    }
    growth.push({ axis, points, exponent: exponentOf(points) })
  }
  return growth
}

const warmSteps = 2
const rounds = 5
/** Milliseconds of a round, where a step is shorter. */
const roundMs = 150

async function timeStep(workload: Workload, host: Host, runtime: RuntimeOptions): Promise<number> {
  const peer = await openOurs(await openTask(workload, host), runtime)
  let next = 0
  const run = async (steps: number) => {
    const begun = performance.now()
    for (let i = 0; i < steps; i++) await peer.step(next++)
    await peer.loss()
    return (performance.now() - begun) / steps
  }
  try {
    await run(warmSteps)
    const steps = Math.max(1, Math.min(64, Math.round(roundMs / (await run(1)))))
    const times: number[] = []
    for (let round = 0; round < rounds; round++) times.push(await run(steps))
    return middle(times)
  } finally {
    peer.dispose()
  }
}
