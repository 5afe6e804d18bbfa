import { visible } from './visible'

/** Where a command prints: a terminal that can redraw a line, or a log. Names in what it prints are only ever text. */
export interface Screen {
  readonly terminal: boolean
  /** Prints lines as they are; only line feeds are obeyed. */
  write(text: string): void
  /** Prints one line. */
  line(text: string): void
  /** Takes the place of the line that a terminal shows last, as far as it is wide. */
  redraw(text: string): void
  /** Milliseconds. */
  now(): number
}

/** What a screen needs of `process.stderr`. */
export interface Stream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export function screenOn(stream: Stream, now: () => number = () => performance.now()): Screen {
  return {
    terminal: stream.isTTY === true,
    write: (text) => void stream.write(text.split('\n').map(visible).join('\n')),
    line: (text) => void stream.write(`${visible(text)}\n`),
    redraw: (text) => void stream.write(`\r\x1b[K${visible(text).slice(0, (stream.columns || 80) - 1)}`),
    now,
  }
}
