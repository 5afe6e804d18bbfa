/**
 * Waits for parts that are made at the same time.
 * @throws what the first of them throws, after all others are done; those that can be disposed of are
 */
export async function allOrNone<T extends readonly unknown[]>(parts: {
  readonly [K in keyof T]: Promise<T[K]>
}): Promise<T> {
  const settled = await Promise.allSettled(parts)
  const failed = settled.find((part) => part.status === 'rejected')
  if (!failed) return settled.map((part) => (part.status === 'fulfilled' ? part.value : undefined)) as unknown as T
  for (const part of settled) if (part.status === 'fulfilled' && isDisposable(part.value)) part.value.dispose()
  throw failed.reason
}

function isDisposable(value: unknown): value is { dispose(): void } {
  return typeof value === 'object' && value !== null && 'dispose' in value
}
