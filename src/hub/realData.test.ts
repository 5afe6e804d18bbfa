import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { headerOf } from '../core/safetensorsHeader'
import type { Batch } from '../data/batches'
import { encoder } from '../data/wordpiece'
import { expectClose } from '../gpu/testing'
import { folderAt, logitsOf } from './testing'
import { openTrained } from './trained'
import { readVocabulary } from './vocabulary'

/** The real all-MiniLM-L6-v2 and what PyTorch computes with it, as scripts/real_models.py fetches and writes them. */
const place = join(process.env['PLAYGROUND_MODELS'] ?? '../shared/models', 'all-MiniLM-L6-v2')
const length = 32
const width = 384

describe.skipIf(!existsSync(join(place, 'expected.safetensors')))('the real all-MiniLM-L6-v2', () => {
  const folder = folderAt(place)
  const vocabulary = () => readVocabulary(folder, 30_522)

  /** The first sentences of SST-2. */
  async function encoded(count: number) {
    const sentences = JSON.parse(readFileSync(join(place, 'sentences.json'), 'utf8')) as string[]
    const { pieces, rows } = await vocabulary()
    const encode = encoder(pieces, length)
    const ids = new Int32Array(count * length)
    for (let i = 0; i < count; i++) encode(sentences[i] ?? '', ids, i * length)
    return { ids, pieces, rows }
  }

  it('cuts 2,000 sentences into the pieces that its own tokenizer cuts them into', async () => {
    const { ids, rows } = await encoded(2000)
    expect(Array.from(ids, (id) => rows[id])).toEqual([...expected('ids')])
  })

  it('is read whole: 22,713,216 weights, its head apart', async () => {
    const { shape, tensors } = await openTrained(folder)
    expect(shape).toMatchObject({ width, depth: 6, heads: 12, neurons: 1536, vocabulary: 30_522 })
    // The buffer position_ids is no weight.
    const weights = [...tensors.shapes].filter(([name]) => name !== 'embeddings.position_ids')
    const counts = weights.map(([, sizes]) => sizes.reduce((a, b) => a * b, 1))
    expect(counts.reduce((a, b) => a + b, 0)).toBe(22_713_216)
  })

  // A software GPU takes minutes for each.
  it.each([
    ['hidden states of [CLS]', 'wasm', 'class', 'first'],
    ['means of hidden states', 'wasm', 'mean', 'mean'],
    ['pooled output', 'wasm', 'class', 'pooled'],
    ['means of hidden states', 'webgpu', 'mean', 'mean'],
    ['pooled output', 'webgpu', 'class', 'pooled'],
  ] as const)(
    'has the %s of 50 sentences that PyTorch has, to 1e-4, on %s',
    async (_name, backend, pool, name) => {
      const { ids, pieces, rows } = await encoded(50)
      const batches = Array.from({ length: 5 }, (_, i): Batch => {
        const part = ids.subarray(i * 10 * length, (i + 1) * 10 * length)
        return { task: 'text', ids: part, labels: new Int32Array(10) }
      })
      const input = { task: 'text', vocabulary: pieces.length, length, classes: width } as const
      const found = await logitsOf(
        folder,
        input,
        batches,
        { head: 'new', tokens: rows },
        {
          backend,
          settings: { 'model.pool': pool },
          own: name === 'pooled' ? { 'head/weights': diagonal(1) } : passing,
        },
      )
      const reference = name === 'pooled' ? expected(name) : expected(name).map((h) => Math.tanh(h / 1000) * 1000)
      expectClose(name, found, reference, { absolute: 1e-4, relative: 0 })
    },
    600_000,
  )
})

/** A pooler and a head that pass hidden states on, but for the pooler's tanh, which is taken of thousandths. */
const passing = {
  'pooler/weights': diagonal(1e-3),
  'pooler/bias': new Float32Array(width),
  'head/weights': diagonal(1e3),
}

function diagonal(value: number): Float32Array {
  return Float32Array.from({ length: width * width }, (_, i) => (i % (width + 1) === 0 ? value : 0))
}

/** A tensor that PyTorch computed. */
function expected(name: string): Float32Array {
  const file = new Uint8Array(readFileSync(join(place, 'expected.safetensors')))
  const { begin = 0, end = 0 } = headerOf(file, name).tensors.get(name) ?? {}
  return new Float32Array(file.slice(begin, end).buffer)
}

/** A DeiT-Tiny of timm with random weights, as scripts/real_models.py makes it, and its logits. */
const deit = join(process.env['PLAYGROUND_MODELS'] ?? '../shared/models', 'random-deit-tiny')

describe.skipIf(!existsSync(join(deit, 'expected.json')))("timm's DeiT-Tiny", () => {
  it.each([
    [224, 'wasm'],
    [224, 'webgpu'],
    [96, 'wasm'],
    [96, 'webgpu'],
  ] as const)(
    'has the logits that PyTorch has for images of 32 pixels scaled to %i, to 1e-4, on %s',
    async (side, backend) => {
      const logits = JSON.parse(readFileSync(join(deit, 'expected.json'), 'utf8')) as Record<string, number[][]>
      const pixels = Uint8Array.from({ length: 2 * 32 * 32 * 3 }, (_, k) => (k * k * 31 + k * 17) % 251)
      const levels = Float32Array.from({ length: 3 * 256 }, (_, i) => ((i % 256) / 255 - 0.5) / 0.5)
      const batch: Batch = { task: 'image', pixels, motions: new Int32Array(6), levels, labels: new Int32Array(2) }
      const input = { task: 'image', shape: [32, 32, 3], classes: 10 } as const
      const settings = { 'model.side': side }
      const found = await logitsOf(folderAt(deit), input, [batch], { head: 'stored' }, { backend, settings })
      expectClose('logits', found, logits[side]?.flat() ?? [], { absolute: 1e-4, relative: 0 })
    },
    600_000,
  )
})
