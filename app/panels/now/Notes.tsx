import { useActions, useApp } from '../../store'

/** What was changed in a link or an experiment, and what the engine had to say. */
export function Notes() {
  const linkNotes = useApp((s) => s.setup.notes)
  const adjusted = useApp((s) => s.setup.adjusted)
  const runNotes = useApp((s) => s.run.notes)
  const { dismissNotes } = useActions()
  if (linkNotes.length + adjusted.length + runNotes.length === 0) return null
  return (
    <div className="note" role="status">
      {linkNotes.length > 0 && <p>These settings of the link or file were changed:</p>}
      {[linkNotes, [...adjusted, ...runNotes]].map(
        (notes, i) =>
          notes.length > 0 && (
            <ul key={i}>
              {notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          ),
      )}
      <button type="button" className="link" onClick={dismissNotes}>
        Dismiss
      </button>
    </div>
  )
}
