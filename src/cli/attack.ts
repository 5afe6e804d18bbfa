/**
 * Reads 10,000 damaged files, as the unit tests read some hundreds, or COUNT of them, from seed FROM on
 * (`scripts/attack.mjs`). Another process reads them: where a file hangs or ends it, this one names the file and goes
 * on with the next.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { attackFiles, type Attacked } from './attack/attackFiles'
import { visible } from './visible'

/** A reader that says nothing for so long hangs. */
const patience = 60_000

/** What the reading process prints: a file before it is read, and what came of it. */
type Line = { readonly seed: number; readonly what: string } | { readonly result: Attacked }

const args = process.argv.slice(2).filter((arg) => arg !== '--')
if (args[0] === 'reader') await read(Number(args[1]), Number(args[2]))
else await attack(wholeNumber('COUNT', args[0] ?? '10000'), wholeNumber('FROM', args[1] ?? '0'))

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  console.error(`${name} is ${text}. Give a whole number, from 0 to 999999999.`)
  process.exit(2)
}

async function read(from: number, to: number): Promise<void> {
  const say = (line: Line) => console.log(JSON.stringify(line))
  for (let seed = from; seed < to; seed++) say({ result: await attackFiles([seed], (what) => say({ seed, what })) })
}

async function attack(count: number, first: number): Promise<void> {
  const total = { tried: 0, read: 0, problems: 0, slowest: 0 }
  const faults: string[] = []
  for (let from = first; from < first + count;) {
    const ended = await reader(from, first + count, (result) => {
      total.tried += result.tried
      total.read += result.read
      total.problems += result.problems
      total.slowest = Math.max(total.slowest, result.slowest)
      faults.push(...result.faults)
      for (const fault of result.faults) console.log(visible(fault))
      if (total.tried % 1000 === 0) console.log(`${total.tried} files`)
    })
    if (ended.fault !== null) {
      faults.push(ended.fault)
      console.log(ended.fault)
    }
    if (ended.next === from) break
    if (ended.fault !== null) total.tried++
    from = ended.next
  }
  const { tried, read, problems, slowest } = total
  console.log(`${tried} damaged files from seed ${first}: ${read} read, ${problems} refused`)
  console.log(`slowest ${slowest.toFixed(2)} s of processor time; ${faults.length} faults`)
  process.exitCode = faults.length > 0 ? 1 : 0
}

/**
 * Reads from one seed on; resolves where it ends, with the seed to go on from and why it ended too early. Where it did
 * not come to its first file, no other reader would: the seed is `from` then.
 */
function reader(from: number, to: number, receive: (result: Attacked) => void) {
  return new Promise<{ readonly next: number; readonly fault: string | null }>((resolve) => {
    const child = spawn(
      'vite-node',
      ['-c', 'vite.node.config.ts', 'src/cli/attack.ts', '--', 'reader', `${from}`, `${to}`],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let last = { seed: from - 1, what: 'The reader, before its first file' }
    let isHanging = false
    const hang = () => {
      isHanging = true
      child.kill('SIGKILL')
    }
    let watch = setTimeout(hang, patience)
    createInterface({ input: child.stdout }).on('line', (text) => {
      clearTimeout(watch)
      watch = setTimeout(hang, patience)
      const line = JSON.parse(text) as Line
      if ('result' in line) receive(line.result)
      else last = line
    })
    child.on('close', (code) => {
      clearTimeout(watch)
      const fault = isHanging ? `hangs` : code === 0 ? null : `ends the process (${String(code ?? child.signalCode)})`
      resolve({ next: fault === null ? to : last.seed + 1, fault: fault && `${last.what}: ${fault}` })
    })
  })
}
