/** A record with the same names, in the same order. */
export function mapValues<Name extends string, T, U>(
  record: Readonly<Record<Name, T>>,
  f: (value: T, i: number) => U,
): Record<Name, U> {
  const entries = Object.entries<T>(record).map(([key, value], i) => [key, f(value, i)] as const)
  return Object.fromEntries(entries) as Record<Name, U>
}
