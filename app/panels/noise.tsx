import { useCallback, useEffect, useRef, useState } from 'react'
import { classLooks } from '../charts/looks'
import { count, value } from '../controls/format'
import { layerName } from '../controls/layerName'
import { Segments } from '../controls/Segments'
import { useNarrow } from '../controls/useNarrow'
import type { NoisePoint } from '../../src/core/trainer'
import { placeOf, type Matrix } from '../../src/core/weightMap'
import { useActions, useApp } from '../store'
import type { RunState } from '../store/run'
import { runAt } from '../store/runAt'
import { shownKept, shownRun } from '../store/shownRun'
import { useSlow } from '../store/slow'
import type { AppState } from '../store/state'
import { Peaks } from './noise/Peaks'
import { Why } from './noise/Why'
import { panel } from './panel'

const views = { why: 'Sensitivity and noise', peaks: 'Mean and best batch' } as const

/** Of a kept run, its last recorded moment. */
function selectRun(s: AppState): RunState {
  const run = shownRun(s)
  const last = run.record.frames.at(-1)
  return shownKept(s) && run.noise.length === 0 && last ? runAt(run, last) : run
}

/** A sample of weights by what a method weighs: how much they matter, and how steadily. */
export const noise = panel({
  id: 'noise',
  title: 'Why it was kept',
  place: 'inside',
  Component() {
    const { noise: all, bounds, record, opened, asked } = useSlow(selectRun, 500)
    const kept = useApp((s) => shownKept(s) !== null)
    const [view, setView] = useState<keyof typeof views>('why')
    const [chosen, setChosen] = useState<string | null>(null)
    const matrices = opened?.matrices ?? record.matrices
    // Where every layer has a line of its own, one of them is shown first.
    const layer = chosen ?? (bounds.length > 1 ? (matrices[0]?.name ?? '') : '')
    const i = matrices.findIndex(({ name }) => name === layer)
    const matrix = matrices[i]
    const points = matrix ? all.filter(({ index }) => isIn(matrix, index)) : all
    const bound = (bounds.length > 1 ? bounds[i] : bounds[0]) ?? null
    const { onRead, onPick } = useOnMap()
    const pointed = useApp((s) => s.pointed)
    const shown = {
      points,
      marked: [pointed.followed, pointed.map].filter((point) => point !== null),
      onRead,
      onPick,
      nameOf: (point: NoisePoint) => nameOf(matrices, point),
      empty: kept
        ? 'No sample of the weights of this run is kept. Start makes this run again.'
        : 'A sample of weights appears here after the first gradients. Important weights are on the right, noisy ones '
          + 'at the top.',
    }
    return (
      <>
        <div className="noise-head">
          <Segments label="Weights by" options={views} value={view} onChange={setView} />
          {matrices.length > 1 && (
            <label>
              Layer{' '}
              <select value={layer} onChange={(event) => setChosen(event.target.value)}>
                <option value="">all</option>
                {matrices.map(({ name }) => (
                  <option key={name} value={name}>
                    {layerName(name, 40) || name}
                  </option>
                ))}
              </select>
            </label>
          )}
        </div>
        {view === 'why' ? (
          <Why {...shown} experiment={asked?.experiment ?? null} bound={bound} />
        ) : (
          <Peaks {...shown} />
        )}
      </>
    )
  },
})

/** Shows the weight of a reading on the map; a picked one stays there. On a phone the map lies on a tab of its own. */
function useOnMap() {
  const { point, setUi } = useActions()
  const narrow = useNarrow()
  const picked = useRef(false)
  useEffect(
    () => () => {
      if (!picked.current) point({ chart: null })
    },
    [point],
  )
  const onRead = useCallback(
    (read: string | null) => {
      if (read === null && picked.current) return
      picked.current = false
      point({ chart: read === null ? null : Number(read) })
    },
    [point],
  )
  const onPick = (pick: string) => {
    picked.current = true
    point({ chart: Number(pick) })
    if (narrow) setUi({ tab: 'map' })
  }
  return { onRead, onPick }
}

function isIn({ offset, size }: Matrix, index: number): boolean {
  return index >= offset && index < offset + size
}

/** What a weight is, and where: a class, layer, row and column. */
function nameOf(matrices: readonly Matrix[], point: NoisePoint): string {
  const { class: name, cut, index, importance } = point
  const place = placeOf(matrices, index)
  const where = place ? `: ${layerName(place.layer, 40)}, row ${count(place.row)}, column ${count(place.column)}` : ''
  return `${classLooks[name].name}, ${cut ? 'cut' : 'kept'}${where}; importance ${value(importance)}`
}
