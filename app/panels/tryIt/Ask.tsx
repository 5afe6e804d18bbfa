import { useId, useState } from 'react'
import type { Answer, Attempt } from '../../../src/core/attempt'
import { OwnPicture } from './OwnPicture'

interface AskProps {
  readonly answer: Answer | undefined
  readonly asked: Attempt
  readonly disabled: boolean
  readonly onAsk: (asked: Attempt) => void
}

/** Chooses what goes through the model: a held-out example, or the reader's own text or picture. */
export function Ask({ answer, asked, disabled, onAsk }: AskProps) {
  const at = answer?.index ?? (asked.kind === 'held' ? asked.index : 0)
  return (
    <>
      <div className="buttons" role="group" aria-label="Held-out examples">
        <button type="button" disabled={disabled} onClick={() => onAsk({ kind: 'held', index: at - 1 })}>
          Previous
        </button>
        <button type="button" disabled={disabled} onClick={() => onAsk({ kind: 'held', index: at + 1 })}>
          Next
        </button>
        <button type="button" disabled={disabled} onClick={() => onAsk({ kind: 'held', index: at + 1, wrong: true })}>
          Next mistake
        </button>
      </div>
      {answer?.read.kind === 'text' && <OwnText pairs={answer.read.pairs} disabled={disabled} onAsk={onAsk} />}
      {answer?.read.kind === 'image' && <OwnPicture {...answer.read} disabled={disabled} onAsk={onAsk} />}
    </>
  )
}

type OwnProps = Pick<AskProps, 'disabled' | 'onAsk'>

function OwnText({ pairs, disabled, onAsk }: OwnProps & { readonly pairs: boolean }) {
  const id = useId()
  const [text, setText] = useState('')
  const [second, setSecond] = useState('')
  return (
    <form
      className="try-own"
      onSubmit={(event) => {
        event.preventDefault()
        onAsk({ kind: 'text', text, ...(pairs ? { second } : {}) })
      }}
    >
      <label htmlFor={id}>{pairs ? 'Your own first sentence' : 'Your own sentence'}</label>
      <input id={id} type="text" value={text} onChange={(event) => setText(event.target.value)} />
      {pairs && (
        <>
          <label htmlFor={`${id}-second`}>and the second one</label>
          <input id={`${id}-second`} type="text" value={second} onChange={(event) => setSecond(event.target.value)} />
        </>
      )}
      <button type="submit" disabled={disabled}>
        Ask
      </button>
    </form>
  )
}
