/** A model of the playground as a folder that transformers opens. */
import { scaledImages } from '../core/bilinear'
import type { Choice } from '../core/experiment'
import type { InputSpec } from '../core/model'
import { Problem } from '../core/problem'
import { safetensorsFile, type NamedArray } from '../core/safetensors'
import { batchNumbers, type Batch } from '../data/batches'
import { specials } from '../data/wordpiece'
import { bertConfig, preprocessor, tokenizerConfig, vitConfig } from './exportedConfig'
import { channelsFirst } from './forms'
import loadScript from './load.py?raw'
import { bertNames } from './names/bert'
import type { Names, Row } from './names/row'
import { vitNames } from './names/vit'
import { modelIds } from './settings'

/** A tensor, pruned weights 0; `mask` (1 = kept) where it may be pruned. */
export interface ExportedTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
  readonly mask?: Uint8Array
}

/** What is written down. */
export interface Export {
  readonly model: Choice
  readonly input: InputSpec
  /** Class names. */
  readonly classes: readonly string[]
  readonly tensors: readonly ExportedTensor[]
  /** Word pieces by id; text alone. */
  readonly vocabulary?: readonly string[] | undefined
  /** As in `Examples`; images alone. */
  readonly normalise?: { readonly mean: readonly number[]; readonly deviation: readonly number[] } | undefined
  /** Link of the experiment. */
  readonly link: string
  /** Some examples, and the logits [examples, classes] that the playground computes of them. */
  readonly samples: {
    readonly batch: Batch
    readonly texts?: readonly string[] | undefined
    readonly logits: Float32Array
  }
}

/** A file by its name. */
export interface ExportedFile {
  readonly name: string
  readonly content: string | Uint8Array
}

/** The files of the folder. @throws Problem as `refuseExport` */
export function exportedFiles(made: Export): ExportedFile[] {
  const { tensors, link } = made
  refuseExport(made.model, tensors)
  const names = namesOf(made)
  const rows = new Map(names.rows.map((row) => [row.ours, row]))
  const arrays = tensors.map((tensor) => asTheirs(tensor, rows, names))
  const masks = tensors.filter(({ mask }) => mask).map((tensor) => maskAsTheirs(tensor, rows, names))
  return [
    ...settingsFiles(made),
    { name: 'model.safetensors', content: safetensorsFile(arrays, { format: 'pt', link }) },
    { name: 'masks.safetensors', content: safetensorsFile(masks, { format: 'pt' }) },
    { name: 'examples.safetensors', content: examplesFile(made) },
    { name: 'load.py', content: loadScript },
  ]
}

/** @throws Problem where transformers has no such model: what differs, and what can be done */
export function refuseExport({ id, values }: Choice, tensors: readonly Pick<ExportedTensor, 'name'>[]): void {
  const refuse = (what: string, fix: string) => {
    throw new Problem(what, fix)
  }
  const known: readonly string[] = Object.values(modelIds)
  if (!known.includes(id))
    refuse(`transformers has no model like "${id}".`, 'Export a BERT or a ViT; weights.safetensors holds any model.')
  if (Number(values['experts'] ?? 1) > 1)
    refuse(
      `The model has ${String(values['experts'])} experts a block; BERT and ViT of transformers have one MLP.`,
      'Run it with --set model.experts=1; weights.safetensors holds any model.',
    )
  if (values['pool'] !== 'class')
    refuse(
      `The model's pooling is "${String(values['pool'])}"; BERT and ViT of transformers read the class token.`,
      'Run it with --set model.pool=class; weights.safetensors holds any model.',
    )
  const names = namesOf({ model: { id, values }, input: null })
  const own = tensors.find(({ name }) => !names.rows.some(({ ours }) => ours === name))
  if (own)
    refuse(
      `The model has the tensor "${own.name}" of its method, for which transformers has no place.`,
      'Export a run of a method that changes weights alone; weights.safetensors holds any model.',
    )
}

function namesOf({
  model: { id, values },
  input,
}: {
  readonly model: Choice
  readonly input: InputSpec | null
}): Names {
  const depth = Number(values['depth'])
  if (id === modelIds.bert) return bertNames({ depth })
  const channels = input?.task === 'image' ? input.shape[2] : 3
  return vitNames({ depth, patch: Number(values['patch']), channels }, true)
}

function asTheirs({ name, shape, values }: ExportedTensor, rows: ReadonlyMap<string, Row>, names: Names): NamedArray {
  const { theirs, form } = rows.get(name) as Row
  return { name: names.full(theirs), shape: form.there(shape), values: form.write(values, shape) }
}

function maskAsTheirs({ mask, ...tensor }: ExportedTensor, rows: ReadonlyMap<string, Row>, names: Names): NamedArray {
  const array = asTheirs({ ...tensor, values: Float32Array.from(mask ?? []) }, rows, names)
  return { ...array, values: Uint8Array.from(array.values) }
}

function settingsFiles({ model, input, classes, vocabulary = [], normalise }: Export): ExportedFile[] {
  const json = (name: string, record: object) => ({ name, content: `${JSON.stringify(record, null, 2)}\n` })
  if (input.task === 'image') {
    const [height, width] = sidesOf(model, input.shape)
    return [
      json('config.json', vitConfig(model, { side: height, channels: input.shape[2] }, classes)),
      json('preprocessor_config.json', preprocessor([height, width], normalise)),
    ]
  }
  return [
    json('config.json', bertConfig(model, input, classes)),
    json('tokenizer_config.json', tokenizerConfig(input.length)),
    { name: 'vocab.txt', content: `${vocabulary.join('\n')}\n` },
  ]
}

/** What the model is given, under the names of its arguments there, as floats; and its logits. */
function examplesFile({ model, input, samples: { batch, texts, logits } }: Export): Uint8Array {
  const count = batch.labels.length
  const numbers = batchNumbers(batch, input)
  const arrays =
    numbers instanceof Int32Array ? textInputs(numbers, count, input) : imageInputs(numbers, count, model, input)
  const metadata = { format: 'pt', ...(texts ? { texts: JSON.stringify(texts) } : {}) }
  return safetensorsFile([...arrays, { name: 'logits', shape: [count, input.classes], values: logits }], metadata)
}

/** Height and width of images as the model cuts them. */
function sidesOf({ values }: Choice, [height, width]: readonly [number, number, number]): [number, number] {
  const scaled = Number(values['side'] ?? 0)
  return scaled ? [scaled, scaled] : [height, width]
}

function imageInputs(numbers: Float32Array, count: number, model: Choice, input: InputSpec): NamedArray[] {
  if (input.task !== 'image') throw new TypeError('Images for a model that reads text.')
  const [height, width] = sidesOf(model, input.shape)
  const channels = input.shape[2]
  const images =
    height === input.shape[0] && width === input.shape[1] ? numbers : scaledImages(numbers, input.shape, height)
  const values = channelsFirst(images, height * width, channels)
  return [{ name: 'pixel_values', shape: [count, channels, height, width], values }]
}

function textInputs(ids: Int32Array, count: number, input: InputSpec): NamedArray[] {
  const length = ids.length / count
  const floats = (name: string, of: (id: number, i: number) => number) => ({
    name,
    shape: [count, length],
    values: Float32Array.from(ids, of),
  })
  const second = (id: number, i: number) => {
    const end = ids.subarray(Math.floor(i / length) * length).indexOf(specials.indexOf('[SEP]'))
    return input.task === 'text' && input.pairs && id !== 0 && i % length > end ? 1 : 0
  }
  return [
    floats('input_ids', (id) => id),
    floats('attention_mask', (id) => Number(id !== 0)),
    floats('token_type_ids', second),
  ]
}
