import type { KeyboardEvent } from 'react'
import { once } from './once'

interface MainButtonProps {
  readonly label: string
  readonly disabled?: boolean
  readonly onPress: () => void
}

/**
 * The button for the next thing to do. It keeps its place while its meaning changes, so a double click or a key held
 * down counts once.
 */
export function MainButton({ label, disabled = false, onPress }: MainButtonProps) {
  return (
    <button type="button" className="primary" disabled={disabled} onKeyDown={unrepeated} onClick={once(onPress)}>
      {label}
    </button>
  )
}

function unrepeated(event: KeyboardEvent): void {
  if (event.repeat && event.key === 'Enter') event.preventDefault()
}
