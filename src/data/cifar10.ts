import { dataset, type LoadOptions } from '../core/dataset'
import { count } from '../core/figures'
import { integer } from '../core/knob'
import { Problem } from '../core/problem'
import { imageCollector, imageExamples, type ImageSet } from './images'
import { meter, type Meter } from './meter'
import type { Row } from './parquet'
import { classNumber, openPublished, type PublishedSplit } from './published'
import { huggingFace, revisionKnob, type Publication } from './source'

const repository = 'uoft-cs/cifar10'

/** CIFAR-10 in Hugging Face's layout. */
export const cifar10Files: Publication = {
  label: 'CIFAR-10',
  repository,
  train: {
    path: 'data/cifar10/train.parquet',
    url: huggingFace(repository, 'plain_text/train-00000-of-00001.parquet'),
  },
  held: { path: 'data/cifar10/test.parquet', url: huggingFace(repository, 'plain_text/test-00000-of-00001.parquet') },
  columns: ['img.bytes', 'label'],
  classes: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  rows: 'images',
}

/** Photographs of ten kinds of things, 32 x 32 pixels; the first rows of each split. */
export const cifar10 = dataset({
  label: 'CIFAR-10',
  cite: 'Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009',
  task: 'image',
  knobs: {
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
  },
  download: ({ train, held }) => 2394 * (train + held),
  async load(values, options) {
    const counter = meter(options)
    const set = await openPublished(cifar10Files, values, options, counter)
    const train = await readImages(set.train, set.classes.length, options, counter)
    const held = await readImages(set.held, set.classes.length, options, counter)
    counter.settle()
    return imageExamples(32, set.classes, train, held, set.source())
  },
})

async function readImages(
  split: PublishedSplit,
  classes: number,
  options: LoadOptions,
  counter: Meter,
): Promise<ImageSet> {
  const images = imageCollector(split.count, 32, options, counter)
  counter.say(`Reading ${split.name}`)
  let row = 0
  for await (const rows of split.read()) {
    for (const { img, label } of rows) {
      await images.add(
        imageBytes(img, split.name, row),
        classNumber(label, classes, split.name, row),
        `Row ${row} of ${split.name}`,
      )
      row++
    }
  }
  return images.set
}

function imageBytes(image: unknown, file: string, row: number): Uint8Array {
  const bytes = (image as Row | null | undefined)?.['bytes']
  if (bytes instanceof Uint8Array) return bytes
  throw new Problem(
    `Row ${count(row)} of ${file} holds no image bytes.`,
    `Use the file of ${repository} on Hugging Face.`,
  )
}
