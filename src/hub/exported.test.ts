import { describe, expect, it } from 'vitest'
import { plugin } from '../config/registries'
import { defaults, type Values } from '../core/knob'
import { placeTensors } from '../core/layout'
import type { InputSpec } from '../core/model'
import { headerOf } from '../core/safetensorsHeader'
import { Problem } from '../core/problem'
import type { Batch } from '../data/batches'
import { initialWeights } from '../engine/executor/initial'
import { exportedFiles, refuseExport, type Export } from './exported'
import { recordOf } from './folder'
import { bytesIn, untilTheEnd } from './testing'
import { openTrained } from './trained'
import { readVocabulary } from './vocabulary'
import { planWeights } from './weights'

const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'a', 'b', '##c']
const text: InputSpec = { task: 'text', vocabulary: vocabulary.length, length: 5, classes: 2, pairs: true }
const image: InputSpec = { task: 'image', shape: [8, 8, 3], classes: 3 }
const texts: Batch = {
  task: 'text',
  ids: Int32Array.of(2, 4, 3, 5, 3, 2, 3, 6, 3, 0),
  labels: Int32Array.of(0, 1),
}
const images: Batch = {
  task: 'image',
  pixels: Uint8Array.from({ length: 192 }, (_, i) => i),
  motions: new Int32Array(3),
  levels: Float32Array.from({ length: 768 }, (_, i) => (i % 256) + 1000 * Math.floor(i / 256)),
  labels: new Int32Array(1),
}

/** A model with random weights, every third one of its prunable ones pruned. */
function madeOf(id: string, input: InputSpec, batch: Batch, changes: Values = {}): Export {
  const model = plugin('model', id)
  const small = { width: 16, depth: 2, heads: 2, ratio: 2, pool: 'class' }
  const values = { ...defaults(model.knobs), ...small, ...changes } as Values
  const layout = placeTensors(model.tensors(values, input))
  const weights = initialWeights(layout, 3)
  const tensors = layout.tensors.map(({ name, shape, offset, size, prunable }) => {
    const mask = Uint8Array.from({ length: size }, (_, i) => Number(i % 3 !== 0))
    const own = weights.slice(offset, offset + size)
    return prunable
      ? { name, shape, mask, values: own.map((w, i) => w * (mask[i] ?? 0)) }
      : { name, shape, values: own }
  })
  const classes = ['red', 'green', 'blue'].slice(0, input.classes)
  const logits = new Float32Array(batch.labels.length * input.classes)
  return { model: { id, values }, input, classes, tensors, vocabulary, link: '#/v1', samples: { batch, logits } }
}

function filesOf(made: Export) {
  const files = new Map(
    exportedFiles(made).map(({ name, content }) => [
      name,
      typeof content === 'string' ? new TextEncoder().encode(content) : content,
    ]),
  )
  const file = (name: string) => files.get(name) ?? new Uint8Array()
  return {
    names: [...files.keys()].sort(),
    folder: (name: string) => Promise.resolve(files.has(name) ? bytesIn(file(name)) : null),
    tensor: (name: string, inFile: string) => {
      const { begin = 0, end = 0, shape = [], dtype = '' } = headerOf(file(inFile), inFile).tensors.get(name) ?? {}
      const bytes = file(inFile).slice(begin, end)
      return { shape, values: dtype === 'U8' ? bytes : new Float32Array(bytes.buffer) }
    },
    masks: () => headerOf(file('masks.safetensors'), '').tensors.keys(),
  }
}

describe.each([
  ['a BERT', () => madeOf('miniBert', text, texts)],
  ['a ViT', () => madeOf('vitTiny', image, images)],
] as const)('%s that is exported', (_name, make) => {
  it('comes back bit for bit', async () => {
    const made = make()
    const { folder } = filesOf(made)
    const trained = await openTrained(folder)
    const rows = made.input.task === 'text' ? (await readVocabulary(folder, 7)).rows : undefined
    const specs = plugin('model', made.model.id).tensors(made.model.values, made.input)
    const plan = planWeights(trained, specs, { head: 'stored', ...(rows ? { tokens: rows } : {}) })
    expect([plan.fresh, plan.left]).toEqual([[], []])
    const weights = await plan.read(untilTheEnd)
    for (const { name, values } of made.tensors) expect(weights.get(name), name).toEqual(values)
    expect(Object.values((await recordOf(folder, 'config.json'))?.['id2label'] ?? {})).toEqual(made.classes)
  })

  it('has masks that are 0 where its weights are', () => {
    const { tensor, masks } = filesOf(make())
    const names = [...masks()]
    expect(names.length).toBe(12)
    for (const name of names) {
      const [weights, mask] = [tensor(name, 'model.safetensors'), tensor(name, 'masks.safetensors')]
      expect(mask.shape).toEqual(weights.shape)
      expect([...mask.values]).toEqual(Array.from(weights.values, (w) => Number(w !== 0)))
    }
  })
})

it('writes down what the model is given, under the names of transformers', () => {
  const bert = filesOf(madeOf('miniBert', text, texts))
  const given = (name: string) => [...bert.tensor(name, 'examples.safetensors').values]
  expect(bert.names).toEqual([
    'config.json',
    'examples.safetensors',
    'load.py',
    'masks.safetensors',
    'model.safetensors',
    'tokenizer_config.json',
    'vocab.txt',
  ])
  expect(given('input_ids')).toEqual([...texts.ids])
  expect(given('attention_mask')).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 0])
  expect(given('token_type_ids')).toEqual([0, 0, 0, 1, 1, 0, 0, 1, 1, 0])
  const { shape, values } = filesOf(madeOf('vitTiny', image, images)).tensor('pixel_values', 'examples.safetensors')
  expect(shape).toEqual([1, 3, 8, 8])
  // Pixel 1 has the bytes 3, 4 and 5, and its channels lie 64 numbers apart.
  expect([values[1], values[65], values[129]]).toEqual([3, 1004, 2005])
})

it('writes images down as large as the model reads them', async () => {
  const { folder, tensor } = filesOf(madeOf('vitTiny', image, images, { side: 16 }))
  expect(await recordOf(folder, 'config.json')).toMatchObject({ image_size: 16 })
  expect(await recordOf(folder, 'preprocessor_config.json')).toMatchObject({ size: { height: 16, width: 16 } })
  const { shape, values } = tensor('pixel_values', 'examples.safetensors')
  expect(shape).toEqual([1, 3, 16, 16])
  // Pixels 0 and 1 are 0 and 3: at double size, three quarters of one and a quarter of the other lie between them.
  expect([...values.slice(0, 4)]).toEqual([0, 0.75, 2.25, 3.75])
})

it.each([
  ['mlp', {}, /no model like "mlp"/],
  ['miniBert', { experts: 2 }, /has 2 experts/],
  ['vitTiny', { pool: 'mean' }, /pooling is "mean"/],
])('says why a model has no counterpart: %s %j', (id, changes, what) => {
  const values = { ...defaults(plugin('model', id).knobs), pool: 'class', ...changes } as Values
  expect(() => refuseExport({ id, values }, [])).toThrow(Problem)
  expect(() => refuseExport({ id, values }, [])).toThrow(what)
})

it('refuses tensors of a method', () => {
  const { model, tensors } = madeOf('vitTiny', image, images)
  expect(() => refuseExport(model, [...tensors, { name: 'block0/mlp/gates' }])).toThrow(/tensor "block0\/mlp\/gates"/)
})
