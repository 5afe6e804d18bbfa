import { expect, it } from 'vitest'
import { isOfTrained, kindsOf } from './trainedFiles'

it.each([
  'bert/model.safetensors',
  'MODEL.SAFETENSORS',
  'model.safetensors.index.json',
  'a/config.json',
  'Config.JSON',
  'preprocessor_config.json',
  'pytorch_model.bin',
  'a/pytorch_model-00001-of-00002.bin',
  'training_args.bin',
  'load.py',
])('%s is of a trained model', (path) => expect(isOfTrained(path)).toBe(true))

it.each(['data_batch_1.bin', 'train.csv', 'vocab.txt', 'pets/cat/1.png', 'rows.json', 'my_pytorch_model.bin'])(
  '%s is not',
  (path) => expect(isOfTrained(path)).toBe(false),
)

const folder = [
  'bert/config.json',
  'bert/model.safetensors',
  'bert/vocab.txt',
  'bert/eval/results.csv',
  'bert/README.md',
]

it.each([
  ['a folder of a model', folder, [], { model: true, data: false }],
  ['its files alone', ['config.json', 'model.safetensors', 'vocab.txt', 'README.md'], [], { model: true, data: false }],
  ['weights that were saved here', ['weights.safetensors'], [], { model: true, data: false }],
  ['what is missing first, before the weights', ['config.json'], [], { model: true, data: false }],
  ['a vocabulary later', ['vocab.txt'], ['model.safetensors'], { model: false, data: false }],
  ['examples', ['pets/cat/1.png', 'pets/README.md'], [], { model: false, data: true }],
  ['examples after a model', ['train.csv'], folder, { model: false, data: true }],
  ['a model after examples', folder, ['train.csv'], { model: true, data: false }],
  ['both at once', [...folder, 'pets/cat/1.png'], [], { model: true, data: true }],
] as const)('tells %s', (_, added, before, kinds) => expect(kindsOf(added, before)).toEqual(kinds))
