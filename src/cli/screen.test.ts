import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { experimentOf, smallBert, untilTheEnd } from '../engine/testing'
import { runExperiment } from './run'
import { screenOn } from './screen'
import { visible } from './visible'

const folder = mkdtempSync(join(tmpdir(), 'screen-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** What was written to a stream, and a screen on it. */
function printed(isTTY = false) {
  const texts: string[] = []
  return { screen: screenOn({ isTTY, columns: 20, write: (text) => texts.push(text) }), text: () => texts.join('') }
}

it('shows what a terminal would obey, and no letter differently', () => {
  expect(visible('\x1b[2J\x1b]52;c;aGk=\x07 a\rb\n\x9bm\x7f\u202egnp.exe')).toBe(
    String.raw`\u001b[2J\u001b]52;c;aGk=\u0007 a\u000db\u000a\u009bm\u007f\u202egnp.exe`,
  )
  const names = 'Katze, 猫, кошка, قطة, é, 👩‍🚀, a\u00a0b'
  expect(visible(names)).toBe(names)
})

it('obeys line feeds only where lines are printed', () => {
  const { screen, text } = printed()
  screen.write('a\x1b[2J\nb\n')
  screen.line('c\nd')
  expect(text()).toBe('a\\u001b[2J\nb\nc\\u000ad\n')
})

it('redraws a line with nothing in it that moves the cursor, cut where the terminal ends', () => {
  const { screen, text } = printed(true)
  screen.redraw('reading \x1b[2J of many')
  expect(text()).toBe('\r\x1b[Kreading \\u001b[2J o')
})

it('prints names of files and classes as text, in what a run says and in what it says of a fault', async () => {
  const { screen, text } = printed()
  const settings = { ...smallBert, data: 'dropped', 'training.steps': 1 }
  const options = { data: folder, backend: 'wasm', allowSoftware: true, out: folder, force: false } as const
  const run = async (name: string, content: string) => {
    const path = join(folder, name)
    writeFileSync(path, content)
    const ended = runExperiment(experimentOf(settings), { ...options, files: [path] }, screen, untilTheEnd)
    await ended.catch((error: unknown) => {
      screen.line(String(error))
    })
  }
  const rows = Array.from({ length: 40 }, (_, i) => `word ${i},${i % 2 ? '\x1b[2J' : 'good'}\n`)
  await run('a\x1b]0;x\x07.csv', `text,label\n${rows.join('')}`)
  await run('b\x1b[2J.csv', 'one\x1b[2J,two\nx,y\n')
  expect(text()).toContain(String.raw`Your files (a\u001b]0;x\u0007.csv), 32 training`)
  expect(text()).toContain(String.raw`b\u001b[2J.csv starts with the columns "one\u001b[2J", "two"`)
  expect(text().replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
})
