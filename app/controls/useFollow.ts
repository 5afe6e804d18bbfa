import { useCallback, useState } from 'react'
import { followed, type Followed, type Place, type ReadWeight } from './followed'
import { useLooks, type Looks } from './useLooks'

/** The weight at a chosen map pixel from then on: what it was each time it was read. */
export function useFollow<R extends ReadWeight>(looks: Looks<R>) {
  const [{ target, path }, set] = useState<Following<R>>(nothing)
  const add = useCallback((reading: R | null, at: Place) => {
    // Beside the weights there is nothing to follow: the weight before stays.
    set(({ path }) =>
      reading ? { target: at, path: followed(path, at, reading) } : { target: path?.at ?? null, path },
    )
  }, [])
  useLooks(target, looks, add)
  return {
    /** Null where no weight is followed, or none was read yet. */
    path,
    /** Follows the weight there; nowhere, the weight before stays. */
    follow: (at: Place | null) => at && set({ target: at, path }),
    leave: () => set(nothing),
  }
}

interface Following<R extends ReadWeight> {
  /** What was asked for last. */
  readonly target: Place | null
  readonly path: Followed<R> | null
}

const nothing = { target: null, path: null }
