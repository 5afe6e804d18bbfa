import type { ListedStore, StoredFile } from '../../core/host'
import { weightsBudget } from '../../core/weightsBudget'

/**
 * Keeps the weights of a run that has ended. The oldest leave for it, but never the spared ones. @param spared ids of
 * runs @returns whether there was room
 */
export async function keepWeights(
  store: ListedStore,
  runId: string,
  file: ArrayBuffer,
  spared: readonly string[] = [],
): Promise<boolean> {
  const others = (await store.list()).filter(({ key }) => key !== runId)
  const mayLeave = others.filter(({ key }) => !spared.includes(key)).sort((a, b) => a.at - b.at)
  let room = weightsBudget - total(others) - file.byteLength
  if (room + total(mayLeave) < 0) return false
  for (;;) {
    if (room >= 0 && (await store.put(runId, file))) return true
    // The browser may have less room than the budget.
    const oldest = mayLeave.shift()
    if (!oldest) return false
    await store.remove(oldest.key)
    room += oldest.bytes
  }
}

function total(files: readonly StoredFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}
