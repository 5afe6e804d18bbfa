import { count } from '../core/figures'

/** A file, or a picture in one, that gives no example. */
export interface Note {
  readonly file: string
  /** What follows the name: "is of an unknown kind". Files with the same reason are named together. */
  readonly why: string
  /** More about this one. */
  readonly detail?: string
  /** What to do about it. */
  readonly fix?: string
}

/** What was left out in at most three sentences, joined by semicolons; empty where nothing was. */
export function told(notes: readonly Note[]): string {
  const byReason = new Map<string, Note[]>()
  for (const note of notes) {
    const group = byReason.get(note.why)
    if (group) group.push(note)
    else byReason.set(note.why, [note])
  }
  const groups = [...byReason.values()]
  const shown = groups.slice(0, 3)
  const more = notes.length - shown.reduce((sum, group) => sum + group.length, 0)
  return [...shown.map(sentence), ...(more > 0 ? [`and ${count(more)} more`] : [])].join('; ')
}

function sentence([first, second, ...others]: readonly Note[]): string {
  if (!first) return ''
  const like = second ? `, like ${second.file}${others.length > 0 ? ` and ${count(others.length)} more` : ''}` : ''
  return `${first.file} ${first.why}${first.detail ? ` (${first.detail})` : ''}${like}`
}
