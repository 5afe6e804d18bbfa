/** The one reader of numbers that people write: in fields of the page, in links, in JSON, after `--set`, in lists. */
import { inRange, type NumberKnob } from './knob'

/**
 * A value of a knob, and how it differs from what was written: words that follow "Steps was 2,000", empty where nothing
 * differs.
 */
export interface Reading {
  readonly value: number
  readonly said: string
}

/** What was written, before the range of the knob is looked at; `readAs` where something had to be guessed. */
export type Meaning = { readonly number: number; readonly readAs?: string } | { readonly refused: string }

const plain = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i
const decimalComma = /^[+-]?\d*,\d+(?:e[+-]?\d+)?$/i
/** Thousands set apart by any mark: 2,000 or 2.000 or 2 000 or 1'234,5. */
const grouped = /^[+-]?[1-9]\d{0,2}([.,' _])\d{3}(?:\1\d{3})*(?:(?!\1)[.,]\d+)?$/

/**
 * The nearest allowed value to what was written, `usual` where that is no number.
 * @param written a number, or text: `.8`, `0,8`, `80 %`, `2,000`, `2e3`, with any digits and signs that keyboards make
 */
export function readNumber(knob: NumberKnob, written: unknown, usual: number): Reading {
  const meaning = meaningOf(knob, written)
  if ('refused' in meaning) return { value: usual, said: `, ${meaning.refused}; ${usual} is used.` }
  const value = inRange(knob, meaning.number)
  const said = [meaning.readAs && `, read as ${meaning.readAs}`, changeOf(knob, meaning.number, value)]
    .filter(Boolean)
    .join('')
  return { value, said: said && `${said}.` }
}

function changeOf(knob: NumberKnob, asked: number, value: number): string {
  if (asked > knob.max) return `; the largest allowed value ${knob.max} is used`
  if (asked < knob.min) return `; the smallest allowed value ${knob.min} is used`
  return asked === value ? '' : `; the whole number ${value} is used`
}

/** What was written means this number. From 2 to 100 a share is in per cent; 1 is all of it. */
export function meaningOf(knob: NumberKnob, written: unknown): Meaning {
  const text = typeof written === 'string' ? tidied(written) : ''
  const inPercent = text.endsWith('%')
  const figure =
    typeof written === 'number' ? { number: written } : figureOf(knob, inPercent ? text.slice(0, -1).trimEnd() : text)
  if ('refused' in figure) return figure
  const { number } = figure
  if (Number.isNaN(number)) return { refused: notANumber }
  if (inPercent)
    return knob.integer ? { refused: 'which is in per cent, where a count is wanted' } : { number: hundredth(number) }
  if (knob.share && number >= 2 && number <= 100)
    return { number: hundredth(number), readAs: `${number} %, that is ${hundredth(number)}` }
  return figure
}

const notANumber = 'which is not a number'

/**
 * Digits without a per cent sign. `Number` alone would also accept '', ' ' and '0x10', and read the count 2.000 as 2.
 */
function figureOf(knob: NumberKnob, text: string): Meaning {
  const mark = grouped.exec(text)?.[1]
  const decimal = plain.test(text) ? Number(text) : decimalComma.test(text) ? Number(text.replace(',', '.')) : undefined
  if (mark === undefined) return decimal === undefined ? { refused: notANumber } : { number: decimal }
  const whole = Number(text.replaceAll(mark, '').replace(',', '.'))
  if (knob.integer || decimal === undefined) return { number: whole, readAs: String(whole) }
  // Programs write real numbers with a dot before three digits; a comma may be either mark, unless the range decides.
  if (mark === '.' || !isInside(knob, whole)) return { number: decimal }
  if (!isInside(knob, decimal)) return { number: whole, readAs: String(whole) }
  return { refused: `which can mean ${decimal} or ${whole}` }
}

function isInside({ min, max }: NumberKnob, number: number): boolean {
  return number >= min && number <= max
}

/** Fifteen digits take away what the division adds to a decimal fraction. */
function hundredth(number: number): number {
  return Number((number / 100).toPrecision(15))
}

/**
 * Writes full-width characters and every kind of dash, apostrophe and space as the plain ones, and leaves out invisible
 * ones.
 */
function tidied(text: string): string {
  return text
    .replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\u00AD\u200B-\u200F\u2060\uFEFF]/g, '')
    .replace(/[\u2010-\u2015\u2212\uFE63]/g, '-')
    .replace(/[\u2018\u2019\u02BC]/g, "'")
    .replace(/\s/g, ' ')
    .trim()
}
