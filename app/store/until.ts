import type { StoreApi } from 'zustand/vanilla'

/** The first answer that is not undefined, now or at a later state. */
export function until<S, T>(store: StoreApi<S>, answer: (state: S) => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const look = (state: S) => {
      const found = answer(state)
      if (found === undefined) return
      unsubscribe()
      resolve(found)
    }
    const unsubscribe = store.subscribe(look)
    look(store.getState())
  })
}
