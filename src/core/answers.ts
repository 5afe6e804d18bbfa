/** What a run answered for each held-out example, small enough to be kept with it: 4 KB for 1,024 of ten classes. */
import { isRecord } from './isRecord'

/** A model's answers, in the order of the held-out examples, as `packed` writes numbers. */
export interface PackedAnswers {
  /** Class numbers. */
  readonly given: string
  /** Probabilities of these classes, in 127ths. */
  readonly sure: string
}

/** The answers of a run as they are kept. */
export interface RunAnswers {
  /** Names of the classes, by their numbers. */
  readonly classes: readonly string[]
  /** Held-out examples. */
  readonly count: number
  /** Class numbers that are right, as `packed` writes them. */
  readonly right: string
  /** Right before the first mask change; absent where the run had not trained by then, or was not looked at. */
  readonly before?: PackedAnswers
  /** At the run's end. */
  readonly end: PackedAnswers
}

/** Bits of a probability. */
export const sureBits = 7

/** Bits of a class number. */
export function classBits(classes: number): number {
  return Math.max(1, Math.ceil(Math.log2(classes)))
}

/** Whole numbers below 2^bits, at most 8 bits each, one after the other from the lowest bit on, in base64. */
export function packed(values: ArrayLike<number>, bits: number): string {
  const bytes = new Uint8Array(Math.ceil((values.length * bits) / 8))
  for (let i = 0; i < values.length; i++) {
    const [byte, shift] = [Math.floor((i * bits) / 8), (i * bits) % 8]
    const word = (values[i] ?? 0) << shift
    bytes[byte] = (bytes[byte] ?? 0) | (word & 255)
    if (shift + bits > 8) bytes[byte + 1] = word >> 8
  }
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** The numbers that `packed` wrote. */
export function unpacked(text: string, bits: number, count: number): Uint8Array {
  const bytes = atob(text)
  return Uint8Array.from({ length: count }, (_, i) => {
    const [byte, shift] = [Math.floor((i * bits) / 8), (i * bits) % 8]
    const word = bytes.charCodeAt(byte) | ((bytes.charCodeAt(byte + 1) || 0) << 8)
    return (word >> shift) & ((1 << bits) - 1)
  })
}

/** Whether a value that was read from storage has the form of a run's answers; their numbers may be any. */
export function isAnswers(value: unknown): value is RunAnswers {
  if (!isRecord(value) || !Array.isArray(value.classes)) return false
  const { classes, count, right, before, end } = value
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1) return false
  if (classes.length < 2 || classes.length > 256 || !classes.every((name) => typeof name === 'string')) return false
  const isPacked = (text: unknown, bits: number) =>
    typeof text === 'string'
    && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
    && text.length === 4 * Math.ceil(Math.ceil((count * bits) / 8) / 3)
  const isMoment = (moment: unknown) =>
    isRecord(moment) && isPacked(moment.given, classBits(classes.length)) && isPacked(moment.sure, sureBits)
  return isPacked(right, classBits(classes.length)) && isMoment(end) && (before === undefined || isMoment(before))
}
