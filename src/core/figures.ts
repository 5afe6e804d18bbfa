const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** A count with separators: 12,345. */
export function count(n: number): string {
  return whole.format(n)
}

/** A share as per cent, 99.5 % where 0.995 is given; n/a where it is no number. */
export function percent(share: number, digits = 1): string {
  if (!Number.isFinite(share)) return 'n/a'
  return `${(share * 100).toFixed(digits)} %`
}
