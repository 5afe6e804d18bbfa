import { dataset } from '../core/dataset'
import type { Publication } from '../core/publication'
import { cifarExamples, cifarKnobs } from './cifarImages'
import { huggingFace } from './source'

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
  labels: 'label',
  classes: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  rows: 'images',
}

/** Photographs of ten kinds of things, 32 x 32 pixels; the first rows of each split. */
export const cifar10 = dataset({
  label: 'CIFAR-10',
  cite: 'Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009',
  task: 'image',
  publication: cifar10Files,
  knobs: cifarKnobs,
  download: ({ train, held }) => 2394 * (train + held),
  load: (values, options) => cifarExamples(cifar10Files, values, options),
})
