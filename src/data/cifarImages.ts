import type { Examples, LoadOptions } from '../core/dataset'
import { count } from '../core/figures'
import { integer, type Values } from '../core/knob'
import { Problem } from '../core/problem'
import type { Publication } from '../core/publication'
import { classNumber } from './classNumber'
import { imageCollector, imageExamples, type ImageSet } from './images'
import { meter, type Meter } from './meter'
import type { Row } from './parquet'
import type { PublishedSplit } from './published'
import { revisionKnob } from './source'

/** Settings of both CIFAR sets, which have 50,000 training and 10,000 test images. */
export const cifarKnobs = {
  train: integer('Training images', 10_000, [100, 50_000], {
    scale: 'log',
    unit: 'images',
    help: 'The first so many of 50,000; only these are fetched.',
  }),
  held: integer('Test images', 2000, [100, 10_000], {
    scale: 'log',
    unit: 'images',
    help: 'The first so many of 10,000, never trained on.',
  }),
  revision: revisionKnob,
} as const

/** The first images of each split of a CIFAR set, 32 x 32 pixels. */
export async function cifarExamples(
  publication: Publication,
  values: Values<typeof cifarKnobs>,
  options: LoadOptions,
): Promise<Examples> {
  const counter = meter(options)
  const { openPublished } = await import('./published')
  const set = await openPublished(publication, values, options, counter)
  const read = (split: PublishedSplit) => readImages(split, publication, options, counter)
  const [train, held] = [await read(set.train), await read(set.held)]
  counter.settle()
  return imageExamples(32, set.classes, train, held, set.source())
}

async function readImages(
  split: PublishedSplit,
  { repository, labels, classes }: Publication,
  options: LoadOptions,
  counter: Meter,
): Promise<ImageSet> {
  const images = imageCollector(split.count, 32, options, counter)
  counter.say(`Reading ${split.name}`)
  let row = 0
  for await (const rows of split.read()) {
    for (const values of rows) {
      await images.add(
        imageBytes(values['img'], split.name, row, repository),
        classNumber(values[labels], classes.length, split.name, row),
        `Row ${row} of ${split.name}`,
      )
      row++
    }
  }
  return images.set
}

function imageBytes(image: unknown, file: string, row: number, repository: string): Uint8Array {
  const bytes = (image as Row | null | undefined)?.['bytes']
  if (bytes instanceof Uint8Array) return bytes
  throw new Problem(
    `Row ${count(row)} of ${file} holds no image bytes.`,
    `Use the file of ${repository} on Hugging Face.`,
  )
}
