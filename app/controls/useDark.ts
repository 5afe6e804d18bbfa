import { useSyncExternalStore } from 'react'

const query = '(prefers-color-scheme: dark)'

function subscribe(changed: () => void): () => void {
  const media = matchMedia(query)
  media.addEventListener('change', changed)
  return () => media.removeEventListener('change', changed)
}

/** Whether the page is dark: as the reader chose, else as the system says. */
export function useDark(theme: 'auto' | 'light' | 'dark'): boolean {
  const system = useSyncExternalStore(
    subscribe,
    () => matchMedia(query).matches,
    () => false,
  )
  return theme === 'auto' ? system : theme === 'dark'
}
