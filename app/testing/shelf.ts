import type { Shelf } from '../store/shelf'

/** A localStorage of its own; `kept` is what lies on it. */
export function handShelf(kept = new Map<string, string>()): Shelf & { readonly kept: Map<string, string> } {
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
}
