import { dataset } from '../core/dataset'
import type { Publication } from '../core/publication'
import { cifarExamples, cifarKnobs } from './cifarImages'
import { huggingFace } from './source'

const repository = 'uoft-cs/cifar100'

/** CIFAR-100 with its fine labels, in Hugging Face's layout. */
export const cifar100Files: Publication = {
  label: 'CIFAR-100',
  repository,
  train: {
    path: 'data/cifar100/train.parquet',
    url: huggingFace(repository, 'cifar100/train-00000-of-00001.parquet'),
  },
  held: { path: 'data/cifar100/test.parquet', url: huggingFace(repository, 'cifar100/test-00000-of-00001.parquet') },
  columns: ['img.bytes', 'fine_label'],
  labels: 'fine_label',
  classes: (
    'apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly'
    + ' camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup'
    + ' dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower'
    + ' leopard lion lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid'
    + ' otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray'
    + ' road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar'
    + ' sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle'
    + ' wardrobe whale willow_tree wolf woman worm'
  ).split(' '),
  rows: 'images',
}

/** Photographs of a hundred kinds of things, 32 x 32 pixels; the first rows of each split. */
export const cifar100 = dataset({
  label: 'CIFAR-100',
  cite: 'Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009',
  task: 'image',
  publication: cifar100Files,
  knobs: cifarKnobs,
  download: ({ train, held }) => 2380 * (train + held),
  load: (values, options) => cifarExamples(cifar100Files, values, options),
})
