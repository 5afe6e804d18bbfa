/** One description of a setting. The page draws it, the link and the command line check it, the kernels receive it. */
export type Knob = NumberKnob | ChoiceKnob | FlagKnob | WordKnob

/** A number in [min, max]; `integer` numbers are rounded; `step` is what one press of an arrow key changes. */
export interface NumberKnob {
  readonly kind: 'number'
  readonly label: string
  readonly default: number
  readonly min: number
  readonly max: number
  readonly integer: boolean
  readonly step: number
  /** How a slider maps to the range; `log` needs min > 0. */
  readonly scale: 'linear' | 'log'
  /** Shown after the value, `''` where there is none. */
  readonly unit: string
  /** A share of something, from 0 to 1, which people also write in per cent. */
  readonly share?: true
  /** One sentence: what it does. */
  readonly help: string
  readonly when?: When
}

/** The value that another knob must have for this one to matter; it is hidden otherwise. */
export interface When {
  /** Name of the other knob. */
  readonly knob: string
  /** The value, or one of several. */
  readonly is: KnobValue | readonly KnobValue[]
}

export interface ChoiceKnob<O extends string = string> {
  readonly kind: 'choice'
  readonly label: string
  readonly default: O
  /** Allowed ids and what the page calls them, in the order shown. */
  readonly options: Readonly<Record<O, string>>
  readonly help: string
  readonly when?: When
}

export interface FlagKnob {
  readonly kind: 'flag'
  readonly label: string
  readonly default: boolean
  readonly help: string
  readonly when?: When
}

/** A name that somebody else gave: of a branch, say. */
export interface WordKnob {
  readonly kind: 'word'
  readonly label: string
  readonly default: string
  /** What the whole of it matches. */
  readonly pattern: RegExp
  /** What it can be, in words: "a branch, a tag or a commit". */
  readonly allowed: string
  readonly help: string
  readonly when?: When
}

export type Knobs = Readonly<Record<string, Knob>>
export type KnobValue = number | string | boolean

/** The values that belong to a set of knobs. */
export type Values<K extends Knobs = Knobs> = {
  readonly [N in keyof K]: K[N] extends NumberKnob
    ? number
    : K[N] extends ChoiceKnob
      ? keyof K[N]['options'] & string
      : K[N] extends WordKnob
        ? string
        : K[N] extends FlagKnob
          ? boolean
          : KnobValue
}

type Extras<K extends Knob> = Partial<Omit<K, 'kind' | 'default' | 'label'>>

/** A real number; `range` is inclusive. */
export function number(
  label: string,
  initial: number,
  range: readonly [number, number],
  extras: Extras<NumberKnob> = {},
): NumberKnob {
  const [min, max] = range
  return {
    kind: 'number',
    label,
    default: initial,
    min,
    max,
    integer: false,
    step: (max - min) / 100,
    scale: 'linear',
    unit: '',
    help: '',
    ...extras,
  }
}

/** A whole number; `range` is inclusive. */
export function integer(
  label: string,
  initial: number,
  range: readonly [number, number],
  extras: Extras<NumberKnob> = {},
): NumberKnob {
  return number(label, initial, range, { integer: true, step: 1, ...extras })
}

/** A share of something; `range` is inclusive and lies between 0 and 1. */
export function share(
  label: string,
  initial: number,
  range: readonly [number, number],
  extras: Extras<NumberKnob> = {},
): NumberKnob {
  return number(label, initial, range, { share: true, ...extras })
}

/** One of several named options. */
export function choice<O extends string>(
  label: string,
  initial: NoInfer<O>,
  options: Readonly<Record<O, string>>,
  extras: Partial<Pick<ChoiceKnob, 'help' | 'when'>> = {},
): ChoiceKnob<O> {
  return { kind: 'choice', label, default: initial, help: '', ...extras, options }
}

/** On or off. */
export function flag(label: string, initial: boolean, extras: Extras<FlagKnob> = {}): FlagKnob {
  return { kind: 'flag', label, default: initial, help: '', ...extras }
}

/** A name; `pattern` matches all of it. */
export function word(
  label: string,
  initial: string,
  { pattern, allowed, ...extras }: Pick<WordKnob, 'pattern' | 'allowed'> & Extras<WordKnob>,
): WordKnob {
  return { kind: 'word', label, default: initial, help: '', ...extras, pattern, allowed }
}

/** Whether a word knob can have a value. */
export function isWord({ pattern }: WordKnob, value: unknown): value is string {
  return typeof value === 'string' && pattern.exec(value)?.[0] === value
}

/** The default of every knob. */
export function defaults<K extends Knobs>(knobs: K): Values<K> {
  return Object.fromEntries(Object.entries(knobs).map(([name, knob]) => [name, knob.default])) as Values<K>
}

/**
 * Names of the knobs that are not hidden by another one (`when`); a knob that depends on a hidden one is hidden too.
 */
export function shownKnobs(knobs: Knobs, values: Readonly<Record<string, KnobValue>>): string[] {
  const shown = (name: string, seen: readonly string[]): boolean => {
    const when = knobs[name]?.when
    if (!when || seen.includes(name)) return true
    const master = knobs[when.knob]
    if (!master) return true
    return [when.is].flat().includes(values[when.knob] ?? master.default) && shown(when.knob, [...seen, name])
  }
  return Object.keys(knobs).filter((name) => shown(name, []))
}

/** The nearest value that a knob allows. */
export function inRange({ min, max, integer: whole }: NumberKnob, value: number): number {
  const inside = Math.min(max, Math.max(min, value))
  // Plus 0, so that no knob is ever -0.
  return (whole ? Math.round(inside) : inside) + 0
}
