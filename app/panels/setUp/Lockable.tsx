import type { ReactNode } from 'react'
import { covers } from '../../../src/config/role'
import { useApp } from '../../store'

interface LockableProps {
  /** A part or a knob, as links name it: `data`, `method.sparsity`. */
  readonly setting: string
  readonly children: ReactNode
}

/** Controls of a setting: not there where the link hides it; there, but only to be read, where the link locks it. */
export function Lockable({ setting, children }: LockableProps) {
  const hidden = useApp((s) => covers(s.role.hide, setting))
  const locked = useApp((s) => covers(s.role.lock, setting))
  if (hidden) return null
  if (!locked) return children
  return (
    <fieldset className="locked" disabled>
      {children}
      <p className="help why">Locked by the link.</p>
    </fieldset>
  )
}
