/** Where things are kept between visits: the two calls of `localStorage` that are needed, both of which may throw. */
export interface Shelf {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

/** The browser's storage where the page may use it; merely asking for it throws in some private windows. */
export function shelfOf(ask: () => Shelf): Shelf | null {
  try {
    return ask()
  } catch {
    return null
  }
}
