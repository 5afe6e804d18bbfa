/** Round steps from `low` to at least `high`, at most `most` of them: 1, 2, 2.5 or 5 times a power of ten apart. */
export function roundTicks(low: number, high: number, most = 5): number[] {
  const span = high - low
  if (!(span > 0) || !Number.isFinite(span)) return [low, low + 1]
  const power = 10 ** Math.floor(Math.log10(span / most))
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => span / n <= most) ?? 10 * power
  const first = Math.floor(low / step + 1e-9)
  const last = Math.ceil(high / step - 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/** Domain and ticks of an axis that shows all of `values`, and `low` too where one is given. */
export function roundAxis(values: readonly number[], low?: number): { readonly domain: readonly [number, number]; readonly ticks: readonly number[] } {
  const finite = values.filter(Number.isFinite)
  const ticks = roundTicks(low ?? Math.min(...finite), Math.max(...finite))
  return { domain: [ticks[0] ?? 0, ticks.at(-1) ?? 1], ticks }
}
