import { describe, expect, it } from 'vitest'
import type { InputSpec } from '../core/model'
import { encoder } from '../data/wordpiece'
import { expectClose } from '../gpu/testing'
import { golden, goldenJson, logitsOf } from './testing'
import { readVocabulary } from './vocabulary'

interface Expected {
  readonly texts: readonly string[]
  readonly length: number
  /** Of the model's own vocabulary. */
  readonly ids: readonly (readonly number[])[]
  readonly logits: readonly (readonly number[])[]
  readonly pairLogits: readonly (readonly number[])[]
}

const { texts, length, ids, logits, pairLogits } = goldenJson('bert', 'expected.json') as Expected
const tolerance = { absolute: 1e-4, relative: 0 }

/** The texts, or each with another one behind it, as a batch of ids. */
async function encoded(pairs: boolean) {
  const { pieces, rows } = await readVocabulary(golden('bert'), 1000)
  const encode = encoder(pieces, length)
  const batch = {
    task: 'text',
    ids: new Int32Array(texts.length * length),
    labels: new Int32Array(texts.length),
  } as const
  const others = [...texts].reverse()
  texts.forEach((text, i) => encode(text, batch.ids, i * length, pairs ? others[i] : undefined))
  const input: InputSpec = {
    task: 'text',
    vocabulary: pieces.length,
    length,
    classes: 3,
    ...(pairs ? { pairs: true } : {}),
  }
  return { batch, input, rows }
}

it('cuts texts into the pieces that its own tokenizer cuts them into', async () => {
  const { batch, rows } = await encoded(false)
  expect(Array.from(batch.ids, (id) => rows[id])).toEqual(ids.flat())
})

describe.each(['webgpu', 'wasm', 'cpu'] as const)('a BERT of transformers on %s', (backend) => {
  it.each([false, true])('has the logits that PyTorch has (pairs: %s)', async (pairs) => {
    const { batch, input, rows } = await encoded(pairs)
    const found = await logitsOf(golden('bert'), input, [batch], { head: 'stored', tokens: rows }, { backend })
    expectClose('logits', found, (pairs ? pairLogits : logits).flat(), tolerance)
  })
})
