import { describe, expect, it } from 'vitest'
import { models } from '../config/registries'
import { defaults, type Values } from '../core/knob'
import type { TensorSpec } from '../core/model'
import { headerOf } from '../core/safetensorsHeader'
import { problemOf } from '../gpu/testing'
import type { Folder } from './folder'
import { bytesIn, fileOf, golden, goldenJson, goldenTensors, halves, untilTheEnd, type RawTensor } from './testing'
import { openTrained } from './trained'
import { planWeights, type TakeOver } from './weights'

const stored: TakeOver = { head: 'stored' }

/** Tensors of a BERT of the golden one's sizes. */
function specsOf(changes: Values = {}, vocabulary = 45): TensorSpec[] {
  const model = models['miniBert']!
  const values = { ...defaults(model.knobs), width: 16, depth: 2, heads: 2, ratio: 2, ...changes } as Values
  return model.tensors(values, { task: 'text', vocabulary, length: 16, classes: 3 })
}

/** The golden BERT as one file of these tensors. */
function withTensors(change: (tensors: RawTensor[]) => RawTensor[]): Folder {
  return golden('bert', { 'model.safetensors': fileOf(change(goldenTensors('bert'))) })
}

async function taken(folder: Folder, specs = specsOf(), how = stored) {
  const plan = planWeights(await openTrained(folder), specs, how)
  return { plan, weights: await plan.read(untilTheEnd) }
}

const renamed = (change: (name: string) => string) =>
  withTensors((tensors) => tensors.map((tensor) => ({ ...tensor, name: change(tensor.name) })))

it('reads a model that tells of a thousand million blocks as far as the model here has them', async () => {
  const config = { ...(goldenJson('bert', 'config.json') as object), num_hidden_layers: 1e9 }
  const { plan } = await taken(golden('bert', { 'config.json': JSON.stringify(config) }))
  expect(plan.text).toContain('with the first 2 of 1000000000 of its blocks')
})

describe('files that differ', () => {
  it.each([
    ['without the prefix', renamed((name) => name.replace(/^bert\./, ''))],
    [
      'with gamma and beta',
      renamed((name) => name.replace(/(LayerNorm)\.weight/, '$1.gamma').replace(/(LayerNorm)\.bias/, '$1.beta')),
    ],
    [
      'with heads of other tasks and the buffer of older versions',
      withTensors((tensors) => [
        ...tensors,
        { name: 'cls.predictions.bias', dtype: 'F32', shape: [1], bytes: new Uint8Array(4) },
        { name: 'bert.embeddings.position_ids', dtype: 'I64', shape: [1, 1], bytes: new Uint8Array(8) },
      ]),
    ],
    ['in two files', inTwoFiles()],
  ])('are read to the same weights: %s', async (_name, folder) => {
    const [{ weights }, { weights: whole }] = [await taken(folder), await taken(golden('bert'))]
    expect([...weights.keys()].sort()).toEqual(
      specsOf()
        .map(({ name }) => name)
        .sort(),
    )
    for (const [name, values] of whole) expect(weights.get(name), name).toEqual(values)
  })

  it.each(['F16', 'BF16'] as const)('are read from 16 bits: %s', async (dtype) => {
    const folder = withTensors((tensors) => tensors.map((tensor) => halves(tensor, dtype)))
    const [{ weights }, { weights: whole }] = [await taken(folder), await taken(golden('bert'))]
    for (const [name, values] of whole)
      values.forEach((value, i) => {
        expect(Math.abs(weights.get(name)![i]! - value)).toBeLessThanOrEqual(Math.abs(value) / 128 + 1e-7)
      })
  })

  it('leaves the pooler new where there is none, and the head where it shall be', async () => {
    const folder = withTensors((tensors) => tensors.filter(({ name }) => !name.includes('pooler')))
    const { plan, weights } = await taken(folder, specsOf(), { head: 'new' })
    expect(plan.fresh).toEqual(['pooler/weights', 'pooler/bias', 'head/weights', 'head/bias'])
    expect(plan.left).toEqual(['classifier.bias', 'classifier.weight'])
    expect(weights.has('head/bias')).toBe(false)
    expect(plan.text).toMatch(/^5,\d{3} weights, with all 2 of its blocks; the pooler and the head are new; 2 of its/)
  })

  it('takes the first blocks, and reads no bytes of the others', async () => {
    const { plan } = await taken(golden('bert'), specsOf({ depth: 1 }))
    const all = planWeights(await openTrained(golden('bert')), specsOf(), stored)
    expect(plan.left.length).toBe(16)
    expect(plan.left.every((name) => name.startsWith('bert.encoder.layer.1.'))).toBe(true)
    // 4 (16 * 16 + 16) + 2 * 16 * 32 + 32 + 16 + 4 * 16 = 2,224 weights of a block
    expect(all.bytes - plan.bytes).toBe(4 * 2224)
    expect(plan.text).toContain('with the first 1 of 2 of its blocks; 16 of its tensors are not used.')
  })

  it('moves rows of the token table to where the pieces are', async () => {
    const rows = Int32Array.of(5, 0, 44)
    const { weights } = await taken(golden('bert'), specsOf({}, 3), { head: 'stored', tokens: rows })
    const { weights: whole } = await taken(golden('bert'))
    const table = whole.get('embed/tokens')!
    const row = (i: number) => [...table.subarray(16 * i, 16 * i + 16)]
    expect([...weights.get('embed/tokens')!]).toEqual([...row(5), ...row(0), ...row(44)])
  })
})

describe('what is read of a file', () => {
  it('is its header, and then neighbours together', async () => {
    const file = fileOf(goldenTensors('bert'))
    const asked: number[][] = []
    const folder = golden('bert')
    const { weights } = await taken((name) =>
      name === 'model.safetensors' ? Promise.resolve(bytesIn(file, (...range) => asked.push(range))) : folder(name),
    )
    expect(weights.size).toBe(specsOf().length)
    const begin = Math.min(...[...headerOf(file, '').tensors.values()].map((tensor) => tensor.begin))
    expect(asked).toEqual([
      [0, file.length],
      [begin, file.length],
    ])
  })
})

describe('a Problem names', () => {
  const query = 'bert.encoder.layer.0.attention.self.query.weight'
  const without = (name: string) => withTensors((tensors) => tensors.filter((tensor) => tensor.name !== name))
  const changed = (name: string, change: Partial<RawTensor>) =>
    withTensors((tensors) => tensors.map((tensor) => (tensor.name === name ? { ...tensor, ...change } : tensor)))
  const nan = new Uint8Array(new Float32Array(256).fill(1).fill(NaN, 7, 8).buffer)

  it.each([
    [
      'a missing tensor',
      without(query),
      /no tensor "encoder.layer.0.attention.self.query.weight", .* "block0\/attention\/query\/weights" \[16, 16\]/,
    ],
    [
      'an extra one',
      withTensors((all) => [
        ...all,
        { name: 'bert.encoder.layer.0.lora.weight', dtype: 'F32', shape: [1], bytes: new Uint8Array(4) },
      ]),
      /tensor "bert.encoder.layer.0.lora.weight" that no part/,
    ],
    [
      'a block after the last',
      withTensors((all) => [
        ...all,
        { name: 'bert.encoder.layer.2.output.dense.bias', dtype: 'F32', shape: [1], bytes: new Uint8Array(4) },
      ]),
      /"bert.encoder.layer.2.output.dense.bias"/,
    ],
    [
      'both shapes',
      changed(query, { shape: [8, 32] }),
      /"bert.*query.weight" has the shape \[8, 32\]; "block0.*" needs \[16, 16\]/,
    ],
    ['a number that is not finite', changed(query, { bytes: nan }), /query.weight" of model.safetensors is NaN at 7/],
    ['a type that is not read', changed(query, { dtype: 'I32' }), /query.weight" of model.safetensors holds I32/],
    [
      'bytes that do not fit the shape',
      changed(query, { dtype: 'F16' }),
      /has 1024 bytes; its shape \[16, 16\] needs 512/,
    ],
    [
      'the same tensor twice',
      withTensors((all) => [...all, { ...all[0]!, name: all[0]!.name.replace(/^bert\./, '') }]),
      /has both "bert\./,
    ],
  ])('%s', async (_name, folder, what) => {
    expect((await problemOf(taken(folder))).what).toMatch(what)
  })

  it('a tensor here that the model has nothing for', async () => {
    expect((await problemOf(taken(golden('bert'), specsOf({ experts: 2 })))).what).toMatch(/"block0\/expert0\/mlp\/in/)
  })

  it.each([
    [{ model_type: 'roberta' }, /model_type: "roberta"/],
    [{ hidden_act: 'gelu_new' }, /hidden_act: "gelu_new"; .* "gelu"/],
    [{ position_embedding_type: 'relative_key' }, /position_embedding_type: "relative_key"/],
    [{ layer_norm_eps: 0.1 }, /layer_norm_eps: 0.1, where a number up to 0.00001/],
    [{ num_hidden_layers: 2.5 }, /num_hidden_layers: 2.5/],
    [{ quantization_config: { bits: 4 } }, /quantization_config/],
  ])('the field of config.json: %j', async (change, what) => {
    const config = { model_type: 'bert', ...change }
    const folder = golden('bert', { 'config.json': JSON.stringify(config) })
    expect((await problemOf(openTrained(folder))).what).toMatch(what)
  })

  it('what a repository lacks', async () => {
    const lacks = (file: string) => problemOf(openTrained(golden('bert', { [file]: null })))
    expect((await lacks('model.safetensors')).fix).toMatch(/^Only safetensors is read/)
    expect((await lacks('config.json')).what).toMatch(/no config.json/)
  })
})

/** Every other tensor in a second file. */
function inTwoFiles(): Folder {
  const tensors = goldenTensors('bert')
  const file = (i: number) => `model-0000${i + 1}-of-00002.safetensors`
  return golden('bert', {
    'model.safetensors': null,
    'model.safetensors.index.json': JSON.stringify({
      weight_map: Object.fromEntries(tensors.map(({ name }, i) => [name, file(i % 2)])),
    }),
    [file(0)]: fileOf(tensors.filter((_, i) => i % 2 === 0)),
    [file(1)]: fileOf(tensors.filter((_, i) => i % 2 === 1)),
  })
}
