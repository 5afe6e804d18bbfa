import { useEffect, useMemo, useState } from 'react'
import type { Frame, Recorded } from '../../src/core/recorded'
import { anatomyOf, type Anatomy, type UnitsOfLayer } from '../../src/past/anatomy'
import { maskAt } from '../../src/past/maskAt'
import { count, percent, times } from '../controls/format'
import { useDark } from '../controls/useDark'
import { useApp } from '../store'
import { shownFrame, wholeRun } from '../store/shownRun'
import { SizesTable } from './anatomy/SizesTable'
import { UnitGrid } from './anatomy/UnitGrid'
import { panel } from './panel'

/** The model on one screen: heads and neurons that fade as their weights go, dead ones struck out. */
export const anatomy = panel({
  id: 'anatomy',
  title: 'Heads and neurons',
  place: 'inside',
  Component() {
    const record = useApp((s) => wholeRun(s).record)
    const past = useApp(shownFrame)
    const frame = past ?? record.frames.at(-1)
    const found = useAnatomy(record, frame)
    const dark = useDark(useApp((s) => s.ui.theme))
    const blocks = useMemo(() => (found ? blocksOf(found.anatomy.layers) : []), [found])
    if (!found || blocks.length === 0)
      return (
        <p className="empty">
          {record.frames.length > 0 && found
            ? 'This model has no heads or neurons that could be taken out whole.'
            : 'Each attention head and each neuron becomes a square here, which fades as its weights are cut.'}
        </p>
      )
    return (
      <>
        <p>{sizeText(found.anatomy, found.step)}</p>
        <ul className="anatomy">
          {blocks.map(([block, layers]) => (
            <li key={block}>
              <h3>{block}</h3>
              {layers.map((layer) => (
                <UnitGrid key={layer.layer} layer={layer} dark={dark} />
              ))}
            </li>
          ))}
        </ul>
        <p className="help">
          The darker, the more of a unit&apos;s weights are kept. Struck out: no weight leads out of it any more, so
          that the model can be rebuilt without it.
        </p>
        <SizesTable sizes={found.anatomy.sizes} />
      </>
    )
  },
})

interface Found {
  readonly anatomy: Anatomy
  readonly step: number
}

/** What a frame leaves of the model; that of the frame before stays until it is counted. */
function useAnatomy(record: Recorded, frame: Frame | undefined): Found | null {
  const [found, setFound] = useState<Found | null>(null)
  const i = frame ? record.frames.indexOf(frame) : -1
  useEffect(() => {
    if (!frame || i < 0) return undefined
    let gone = false
    const load = async () => {
      const mask = await maskAt(record, i)
      const next = await anatomyOf(record.matrices, mask)
      if (!gone) setFound({ anatomy: next, step: frame.step })
    }
    // A frame that is damaged is named beside the map.
    void load().catch(() => undefined)
    return () => {
      gone = true
    }
  }, [record, frame, i])
  return frame ? found : null
}

/** Layers by the first part of their names. */
function blocksOf(layers: readonly UnitsOfLayer[]): readonly (readonly [string, readonly UnitsOfLayer[]])[] {
  const blocks = new Map<string, UnitsOfLayer[]>()
  for (const layer of layers) {
    const [block = ''] = layer.layer.split('/')
    blocks.set(block, [...(blocks.get(block) ?? []), layer])
  }
  return [...blocks]
}

function sizeText({ layers, before, after }: Anatomy, step: number): string {
  const dead = (kind: UnitsOfLayer['kind']) => {
    const all = layers.filter((layer) => layer.kind === kind).flatMap((layer) => layer.dead)
    return `${count(all.filter(Boolean).length)} of ${count(all.length)} ${kind}s`
  }
  const gone = `After step ${count(step)}, ${dead('head')} and ${dead('neuron')} are dead. `
  if (after === before) return `${gone}Nothing can be taken out of the model: its matrices keep their sizes.`
  return (
    `${gone}Without them the prunable matrices shrink from ${count(before)} to ${count(after)} weights, `
    + `by ${percent(1 - after / before)} (${times(before / after)}).`
  )
}
