/**
 * Waits for parts that are made at the same time.
 * @throws the first error, once all are done; parts that were made are disposed of
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
