import { percent } from '../../src/core/figures'

export { count, percent } from '../../src/core/figures'

/** Made once: `toLocaleString` makes one at every call, which took half of a chart's time. */
const [three, four] = [3, 4].map((digits) => new Intl.NumberFormat('en', { maximumSignificantDigits: digits })) as [
  Intl.NumberFormat,
  Intl.NumberFormat,
]

/** A number in at most four significant digits, for reading: 0.00123, 1.2e-7, 1,234. */
export function value(n: number): string {
  if (!Number.isFinite(n)) return String(n)
  const size = Math.abs(n)
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return n.toExponential(2)
  return four.format(n)
}

/** A tick of an axis, in at most three significant digits. */
export function tick(n: number): string {
  const size = Math.abs(n)
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return n.toExponential(0).replace('-', '−')
  return three.format(Number(n.toPrecision(3))).replace('-', '−')
}

/** Seconds as a person says them: under 1 s, 4 s, 3 min 20 s, 2 h 5 min. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return 'n/a'
  if (seconds < 1) return 'under 1 s'
  const s = Math.round(seconds)
  if (s < 60) return `${s} s`
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`
  return `${Math.floor(s / 3600)} h ${Math.round((s % 3600) / 60)} min`
}

/** A ratio: 1.03 ×, 12.4 ×. */
export function times(n: number): string {
  return `${n.toFixed(n < 10 ? 2 : 1)} ×`
}

/** Bytes in kB or MB of a thousand. */
export function bytes(n: number): string {
  return n < 1e6 ? `${Math.ceil(n / 1e3)} kB` : `${(n / 1e6).toFixed(1)} MB`
}

/** A sentence whose shares do not part from their % at the end of a line. */
export function unbroken(text: string): string {
  return text.replaceAll(' %', '\u00a0%')
}

/**
 * Held-out accuracy, with F1 where the data set has it (71.1 %, F1 81.3 %), and robust accuracy where images were
 * attacked: 71.1 % (13.5 % under attack).
 */
export function accuracyText(
  evaluation: { readonly accuracy: number; readonly f1?: number; readonly robust?: number } | undefined,
): string {
  const f1 = evaluation?.f1 === undefined ? '' : `, F1 ${percent(evaluation.f1)}`
  const accuracy = percent(evaluation?.accuracy ?? NaN) + f1
  return evaluation?.robust === undefined ? accuracy : `${accuracy} (${percent(evaluation.robust)} under attack)`
}
