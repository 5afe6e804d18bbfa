const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** A whole number for people, thousands apart: 67,349. English everywhere, as the sentences around it are. */
export function count(n: number): string {
  return whole.format(n)
}

/** A share as per cent, 99.5 % where 0.995 is given; n/a where it is no number. */
export function percent(share: number, digits = 1): string {
  if (!Number.isFinite(share)) return 'n/a'
  return `${(share * 100).toFixed(digits)} %`
}

/** A share as per cent, with no more digits than it needs: 80 %, 96.875 % with three. */
export function shortPercent(share: number, digits = 2): string {
  return `${Number((share * 100).toFixed(digits))} %`
}
