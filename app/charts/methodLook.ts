import { dashes, markers, type Dash, type Marker } from './marks'

/** How a method looks in every chart, table and legend. */
export interface MethodLook {
  readonly colour: string
  readonly marker: Marker
  readonly dash: Dash
  readonly hollow: boolean
}

/** The dense reference: the colour of text, which no method has. */
export const denseLook: MethodLook = { colour: 'var(--ink)', marker: 'circle', dash: 'solid', hollow: false }

/** Only shapes that have an inside; as many as there are colours, `--curve-0` to `--curve-6`. */
const shapes = markers.filter((marker) => marker !== 'cross')
const dashNames = Object.keys(dashes) as Dash[]

/** Settings of one method that can be told apart. */
export const settingLooks = 2 * dashNames.length

/**
 * The look of a method in one setting of its knobs. It depends on nothing else, so it is the same in every chart. The
 * method chooses colour and shape: seven neighbours differ in colour, and no two of 49 in both. The setting chooses the
 * line, and whether points are hollow; setting 0, the defaults, has a whole line and full points, the next ones are
 * hollow.
 * @param method place of the method among all, from 0
 */
export function methodLook(method: number, setting: number): MethodLook {
  const colour = method % shapes.length
  return {
    colour: `var(--curve-${colour})`,
    marker: shapes[(colour + Math.floor(method / shapes.length)) % shapes.length] ?? 'circle',
    dash: dashNames[setting % dashNames.length] ?? 'solid',
    hollow: setting > 0 && setting <= settingLooks / 2,
  }
}
