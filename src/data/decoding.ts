import type { LoadOptions } from '../core/dataset'
import { count } from '../core/figures'
import { Problem } from '../core/problem'
import { scaled } from './formats/pictures'
import type { Raw } from './formats/raw'
import { textOf } from './formats/textFile'
import type { Gathered } from './gather'
import { breathe, type Meter } from './meter'
import type { Note } from './notes'

/**
 * Decodes all pictures among the examples to size x size RGB bytes, and all texts that are files. What cannot be
 * decoded is left out and noted.
 *
 * @throws Problem when more than a quarter of them cannot be decoded
 */
export async function decoded(gathered: Gathered, size: number, options: LoadOptions, meter: Meter): Promise<Gathered> {
  const all = gathered.train.length + gathered.held.length
  const broken: Note[] = []
  let done = 0
  const decodeAll = async (examples: readonly Raw[]) => {
    const kept: Raw[] = []
    for (const example of examples) {
      if (done++ % 64 === 0)
        meter.say(`Decoding ${gathered.task === 'image' ? 'picture' : 'text'} ${count(done)} of ${count(all)}`)
      await breathe(options.signal)
      const one = await decodedOne(example, size, options)
      if ('why' in one) broken.push(one)
      else kept.push(one)
    }
    return kept
  }
  const [train, held] = [await decodeAll(gathered.train), await decodeAll(gathered.held)]
  if (broken.length > all / 4) throw mostlyBroken(broken, all, gathered.task)
  return { ...gathered, train, held, seen: gathered.seen - broken.length, notes: [...gathered.notes, ...broken] }
}

async function decodedOne(example: Raw, size: number, { host }: LoadOptions): Promise<Raw | Note> {
  if (!('encoded' in example)) return example
  const { task, label, name } = example
  if (task === 'text') {
    const text = textOf(await example.encoded())
    if (text !== null && text.trim() !== '') return { task, label, text }
    return {
      file: name,
      why: 'is a broken text',
      detail: text === null ? 'not UTF-8' : 'empty',
      fix: 'Save it as UTF-8.',
    }
  }
  try {
    return { task, label, name, rgb: scaled(await host.decodeImage(await example.encoded()), size, name) }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { file: name, why: 'is a broken picture', detail: error.what.replace(/\.$/, ''), fix: error.fix }
  }
}

function mostlyBroken(broken: readonly Note[], all: number, task: Raw['task']): Problem {
  const [first] = broken
  return new Problem(
    `Of ${count(all)} ${task === 'image' ? 'pictures' : 'texts'} ${count(broken.length)} cannot be `
      + `decoded. The first is ${first?.file}: ${first?.detail}.`,
    first?.fix ?? 'Leave them out.',
  )
}
