/** A record with the same names. */
export function mapValues<T, U>(record: Readonly<Record<string, T>>, f: (value: T, i: number) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value], i) => [key, f(value, i)]))
}
