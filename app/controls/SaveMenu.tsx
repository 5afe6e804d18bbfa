import { useState } from 'react'
import { messageOf } from '../../src/core/problem'
import { once } from './once'
import { Sheet } from './Sheet'

interface SaveMenuProps {
  /** What can be saved, by the name that its button has. */
  readonly ways: Readonly<Record<string, () => void | Promise<void>>>
  /** Why there is nothing to save yet; null where there is. */
  readonly missing?: string | null
}

/** The menu with which a chart, the map or a table is taken away as a file. */
export function SaveMenu({ ways, missing = null }: SaveMenuProps) {
  const [failure, setFailure] = useState('')
  const save = async (way: () => void | Promise<void>) => {
    setFailure('')
    try {
      await way()
    } catch (error) {
      setFailure(`It could not be saved: ${messageOf(error)}.`)
    }
  }
  return (
    <Sheet summary="Save">
      <div className="buttons">
        {Object.entries(ways).map(([name, way]) => (
          <button key={name} type="button" disabled={missing !== null} onClick={once(() => void save(way))}>
            {name}
          </button>
        ))}
      </div>
      {missing !== null && <p className="help">{missing}</p>}
      {failure !== '' && (
        <p className="help" role="status">
          {failure}
        </p>
      )}
    </Sheet>
  )
}
