import { shortPercent } from '../../../src/core/figures'
import type { Axis, Series } from '../../charts/series'

/**
 * How often the kept weights were halved: the place on the axis, where 2, 4, 8 and 16 times smaller are equally far
 * apart.
 */
export function halvings(sparsity: number): number {
  return -Math.log2(Math.max(1 - sparsity, 2 ** -10))
}

/** In as few decimals as tell 99.95 % from 100 %. */
function sparsityText(x: number): string {
  return shortPercent(1 - 2 ** -x)
}

const tickSparsities = [0, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999].map(halvings)

/** From 0 to the first round sparsity, at least 95 %, that no point exceeds. @param pad pixels at either end */
export function sparsityAxis(series: readonly Series[], pad: number): Axis {
  const most = Math.max(halvings(0.95), ...series.flatMap((s) => s.points.map((p) => p.x)))
  const last = tickSparsities.find((tick) => tick >= most - 1e-9) ?? most
  return {
    label: 'Sparsity of the prunable weights',
    domain: [0, last],
    format: sparsityText,
    ticks: tickSparsities.filter((tick) => tick <= last),
    pad,
  }
}
