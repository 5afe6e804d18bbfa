import { runLabel } from '../../../src/config/runLabel'
import { numberAt, numberLooks, type MapMode } from '../../../src/core/mapModes'
import { classColours, pairColours, type Colour } from '../../../src/core/palette'
import type { Recorded } from '../../../src/core/recorded'
import { weightClasses, type MapLayout } from '../../../src/core/trainer'
import { classLooks } from '../../charts/looks'
import { download } from '../../controls/download'
import { count, percent, tick } from '../../controls/format'
import type { Caption } from '../../controls/mapPicture'
import { modeNames } from '../../controls/modeNames'
import { SaveMap } from '../../controls/SaveMap'
import { useOwner } from '../../store'
import type { RunState } from '../../store/run'
import { shownRun } from '../../store/shownRun'
import { animatedMap } from './animatedMap'

interface SaveShownMapProps {
  readonly layout: MapLayout
  readonly dark: boolean
  /** What the map shows; null for the masks of a recorded moment. */
  readonly mode: MapMode | null
  readonly record: Recorded
}

/** Saves the map of the shown run as it stands there, and its whole course in motion. */
export function SaveShownMap({ layout, dark, mode, record }: SaveShownMapProps) {
  const { store } = useOwner()
  const run = () => shownRun(store.getState())
  const title = () => {
    const { asked } = run()
    return asked ? runLabel(asked.experiment) : 'Weight map'
  }
  const caption = (): Caption => {
    const { layers, last } = run()
    const [kept, all] = [sum(layers.map((layer) => layer.kept)), sum(layers.map(({ size }) => size))]
    const pruned = all > 0 ? `: ${percent(1 - kept / all)} pruned` : ''
    return { title: title(), legend: legendOf(run(), mode, dark), foot: `Step ${count(last?.step ?? 0)}${pruned}` }
  }
  const animation = async () => download('weight-map-animated.png', await animatedMap(record, title(), dark))
  return (
    <SaveMap
      name="weight-map"
      layout={layout}
      dark={dark}
      caption={caption}
      numbers={() => [['layer', 'kept', 'weights'], ...run().layers.map(({ name, kept, size }) => [name, kept, size])]}
      {...(record.frames.length > 1 ? { more: { 'Animated PNG of the run': animation } } : {})}
    />
  )
}

function legendOf({ classes, scale }: RunState, mode: MapMode | null, dark: boolean): Caption['legend'] {
  const theme = dark ? 'dark' : 'light'
  const { kept, cut } = classColours[theme].ordinary
  if (mode === null) {
    const [neither, back, now, both] = pairColours[theme]
    return [
      ['kept', both],
      ['cut just now', now],
      ['back', back],
      ['cut before', neither],
    ]
  }
  if (mode === 'class')
    return [...weightClasses]
      .reverse()
      .flatMap((name) =>
        (['kept', 'cut'] as const).map((fate): [string, Colour] => [
          `${classLooks[name].name}, ${fate}${classes ? ` ${count(classes.counts[name][fate])}` : ''}`,
          classColours[theme][name][fate],
        ]),
      )
  const grounds = [
    ...(numberLooks[mode].cutToo ? [] : [['cut', cut] as const]),
    [`kept, no ${modeNames[mode].toLowerCase()}`, kept],
  ] as const
  if (scale?.mode !== mode || !scale.range) return grounds
  const { range, colours } = scale
  const at = (share: number): [string, Colour] => [
    `${modeNames[mode]} ${tick(numberAt(share, range, numberLooks[mode]))}`,
    colours[Math.round(share * (colours.length - 1))] ?? kept,
  ]
  return [at(0), at(0.5), at(1), ...grounds]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, n) => all + n, 0)
}
