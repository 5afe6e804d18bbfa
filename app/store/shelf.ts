/** Where things are kept between visits: the calls of `localStorage` that are needed; all may throw. */
export interface Shelf {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** The browser's storage where the page may use it; in some private windows even to ask for it throws. */
export function shelfOf(ask: () => Shelf): Shelf | null {
  try {
    return ask()
  } catch {
    return null
  }
}
