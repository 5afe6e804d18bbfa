import { useApp } from '../store'
import { panel } from './panel'
import { blocksOf, piecesOf } from './task/blocksOf'

/** What the link asks of whoever opens it, as text: markup and addresses in it do nothing. */
export const task = panel({
  id: 'task',
  title: 'Task',
  place: 'top',
  shown: (s) => s.role.task !== '',
  Component() {
    const text = useApp((s) => s.role.task)
    return blocksOf(text).map(({ kind, lines }, i) => {
      const inside = lines.map((line, j) =>
        kind === 'text' ? <Line key={j} text={line} /> : <Item key={j} text={line} />,
      )
      if (kind === 'text') return <p key={i}>{inside}</p>
      return kind === 'points' ? <ul key={i}>{inside}</ul> : <ol key={i}>{inside}</ol>
    })
  },
})

interface TextProps {
  readonly text: string
}

function Item({ text }: TextProps) {
  return (
    <li>
      <Line text={text} />
    </li>
  )
}

function Line({ text }: TextProps) {
  return (
    <span className="task-line">
      {piecesOf(text).map(({ look, text: piece }, i) => {
        if (look === 'bold') return <strong key={i}>{piece}</strong>
        return look === 'italic' ? <em key={i}>{piece}</em> : piece
      })}
    </span>
  )
}
