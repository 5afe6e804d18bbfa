import { useCallback, useEffect } from 'react'
import type { ReadWeight } from '../../controls/followed'
import type { NoisePoint } from '../../../src/core/trainer'
import { indexOf, type Matrix } from '../../../src/core/weightMap'
import { useActions, useApp } from '../../store'

/** What charts need of a weight; undefined where it was not recorded. */
type Pointable = ReadWeight & { readonly [N in keyof Omit<NoisePoint, 'index'>]: NoisePoint[N] | undefined }

/** Ties a weight map to the charts: the weight that they point at, and what tells them which one the map does. */
export function usePointed(matrices: readonly Matrix[]) {
  const { point } = useActions()
  const ring = useApp((s) => s.pointed.chart)
  const tell = useCallback(
    (map: Pointable | null, followed: Pointable | null) =>
      point({ map: pointOf(matrices, map), followed: pointOf(matrices, followed) }),
    [matrices, point],
  )
  // What is followed stays marked where a phone shows the chart in the map's place.
  useEffect(() => () => point({ map: null }), [point])
  return { ring, tell }
}

function pointOf(matrices: readonly Matrix[], reading: Pointable | null): NoisePoint | null {
  const index = reading && indexOf(matrices, reading)
  if (!reading || index === null) return null
  const { importance, peak, spread, class: name, cut } = reading
  return importance === undefined || peak === undefined || spread === undefined || !name || cut === undefined
    ? null
    : { index, importance, peak, spread, class: name, cut }
}
