import type { MouseEvent } from 'react'

/** A double click counts once: after the first click another button may be in the same place. */
export function once(act: () => void): (event: MouseEvent) => void {
  return ({ detail }) => {
    if (detail < 2) act()
  }
}
