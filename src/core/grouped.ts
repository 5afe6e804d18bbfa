/** A whole number for people, thousands apart: 67,349. English everywhere, as the sentences around it are. */
export function grouped(value: number): string {
  return value.toLocaleString('en')
}
