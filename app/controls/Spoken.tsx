import { useEffect, useEffectEvent, useState } from 'react'

interface SpokenProps {
  /** What is said; '' for nothing. */
  readonly text: string
  /** Which thing the text is about. Numbers of the same thing may change without being said again. */
  readonly about: string
}

/** Milliseconds without a key before the text is said: with a key held down, only the place where it stops. */
const rest = 250

/** Tells a screen reader, politely, what the keyboard has reached. It is invisible. */
export function Spoken({ text, about }: SpokenProps) {
  const [said, setSaid] = useState('')
  const say = useEffectEvent(() => setSaid(text))
  useEffect(() => {
    const timer = setTimeout(say, rest)
    return () => clearTimeout(timer)
  }, [about])
  return (
    <p className="unseen" role="status">
      {said}
    </p>
  )
}
