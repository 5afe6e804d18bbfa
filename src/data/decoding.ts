import type { LoadOptions } from '../core/dataset'
import { grouped } from '../core/grouped'
import { Problem } from '../core/problem'
import { scaled } from './formats/pictures'
import type { Raw } from './formats/raw'
import type { Gathered } from './gather'
import { breathe, type Meter } from './meter'
import type { Note } from './notes'

/**
 * Decodes all pictures among the examples to size x size RGB bytes. What cannot be decoded is left out and noted.
 *
 * @throws Problem when that is more than a quarter of them
 */
export async function decoded(gathered: Gathered, size: number, options: LoadOptions, meter: Meter): Promise<Gathered> {
  if (gathered.task !== 'image') return gathered
  const all = gathered.train.length + gathered.held.length
  const broken: Note[] = []
  let count = 0
  const decodeAll = async (examples: readonly Raw[]) => {
    const kept: Raw[] = []
    for (const example of examples) {
      if (count++ % 64 === 0) {
        meter.say(`Decoding picture ${grouped(count)} of ${grouped(all)}`)
        await breathe(options.signal)
      }
      const picture = await decodedOne(example, size, options)
      if ('why' in picture) broken.push(picture)
      else kept.push(picture)
    }
    return kept
  }
  const [train, held] = [await decodeAll(gathered.train), await decodeAll(gathered.held)]
  if (broken.length > all / 4) throw mostlyBroken(broken, all)
  return { ...gathered, train, held, seen: gathered.seen - broken.length, notes: [...gathered.notes, ...broken] }
}

async function decodedOne(example: Raw, size: number, { host }: LoadOptions): Promise<Raw | Note> {
  if (example.task !== 'image' || 'rgb' in example) return example
  const { label, name } = example
  try {
    return { task: 'image', label, name, rgb: scaled(await host.decodeImage(await example.encoded()), size, name) }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { file: name, why: 'is a broken picture', detail: error.what.replace(/\.$/, ''), fix: error.fix }
  }
}

function mostlyBroken(broken: readonly Note[], all: number): Problem {
  const [first] = broken
  return new Problem(
    `Of ${grouped(all)} pictures ${grouped(broken.length)} cannot be decoded. The first is ${first?.file}: ${first?.detail}.`,
    first?.fix ?? 'Leave them out.',
  )
}
