/** A paragraph or a list: its lines, without the marks of a list. */
export interface Block {
  readonly kind: 'text' | 'points' | 'numbers'
  readonly lines: readonly string[]
}

/** Paragraphs and lists of a text: a blank line ends a paragraph, `- ` and `1. ` begin entries of a list. */
export function blocksOf(text: string): readonly Block[] {
  const blocks: { kind: Block['kind'] | 'end'; lines: string[] }[] = []
  for (const line of text.split('\n')) {
    const [, mark, entry] = /^\s*([-*•]|\d{1,3}[.)])\s+(.+)$/.exec(line) ?? []
    const kind = line.trim() === '' ? 'end' : mark === undefined ? 'text' : /\d/.test(mark) ? 'numbers' : 'points'
    const last = blocks.at(-1)
    if (last?.kind === kind) last.lines.push(entry ?? line.trim())
    else blocks.push({ kind, lines: [entry ?? line.trim()] })
  }
  return blocks.filter((block): block is typeof block & Block => block.kind !== 'end')
}

/** A part of a line. */
export interface Piece {
  readonly look: 'plain' | 'bold' | 'italic'
  readonly text: string
}

/** The parts of a line: `**bold**`, `*italic*`, and whatever else as it stands. */
export function piecesOf(line: string): readonly Piece[] {
  return line
    .split(/(\*\*[^*]+\*\*|\*[^\s*](?:[^*]*[^\s*])?\*)/)
    .filter((part) => part !== '')
    .map((part) => {
      if (/^\*\*[^*]+\*\*$/.test(part)) return { look: 'bold', text: part.slice(2, -2) }
      return /^\*[^*]+\*$/.test(part) ? { look: 'italic', text: part.slice(1, -1) } : { look: 'plain', text: part }
    })
}
