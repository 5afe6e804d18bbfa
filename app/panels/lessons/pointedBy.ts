import type { Look } from '../../../src/lessons/lessonIds'

/** What on the page leads to a look; on a narrow page the map stands on a tab. */
export const pointedBy: Readonly<Record<Look, string>> = {
  compare: '#tab-compare-name',
  inside: '#tab-inside-name',
  cost: '#tab-cost-name',
  follow: '#weight-map [role=application], #tab-map-name',
  lookBack: '#weight-map .scrubber, #tab-map-name',
}
