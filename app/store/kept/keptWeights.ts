import type { StoreApi } from 'zustand/vanilla'
import { firstRunOf } from '../../../src/config/firstRun'
import type { ListedStore } from '../../../src/core/host'
import { idOf, type AppState } from '../state'
import { until } from '../until'

/** Opens what holds the weights of finished runs; the engine puts them there. */
export type OpenWeights = () => Promise<Pick<ListedStore, 'list' | 'remove'>>

/** Weights that belong to no kept run stay for a day: the run may come back, or be kept by another tab only now. */
const patienceMs = 24 * 3600 * 1000

/** Keeps the page's list of kept weights. @returns reads the list again */
export function keptWeights(store: StoreApi<AppState>, open: OpenWeights | undefined, now: () => number): () => void {
  if (!open) return () => undefined
  const read = async () => store.setState({ weights: await (await open()).list() })
  const refresh = () => void read().catch(() => undefined)
  const sweep = async () => {
    await read()
    await until(store, (s) => s.runsRead || undefined)
    const { runs, weights } = store.getState()
    // Where no run can be read, it is not known which weights belong to none.
    if (runs.length === 0) return
    const wanted = new Set(
      runs.flatMap(({ runId, experiment }) => {
        const first = firstRunOf(experiment)
        return first ? [runId, idOf(first)] : [runId]
      }),
    )
    const shelf = await open()
    for (const { key, at } of weights) if (!wanted.has(key) && at < now() - patienceMs) await shelf.remove(key)
    await read()
  }
  void sweep().catch(() => undefined)
  return refresh
}
