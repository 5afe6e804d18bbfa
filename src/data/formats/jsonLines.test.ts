import { describe, expect, it } from 'vitest'
import { alone, file } from '../testing'
import { jsonLines } from './jsonLines'
import { isUsed } from './raw'

async function read(content: string): Promise<[string, string][]> {
  const reading = await jsonLines(file('a.jsonl', content), alone)
  if (!isUsed(reading)) throw new Error(reading.unused)
  const found: [string, string][] = []
  for await (const batch of reading) {
    for (const example of batch) if ('text' in example) found.push([example.text, example.label])
  }
  return found
}

describe('JSON, one object a line', () => {
  it('gives texts and labels of any usual name, numbers and flags too', async () => {
    expect(
      await read('\ufeff{"id": 1, "review": "a\\nb", "Sentiment": "pos"}\r\n\n{"Sentiment": 0, "review": "c"}'),
    ).toEqual([
      ['a\nb', 'pos'],
      ['c', '0'],
    ])
  })

  it('of more than 1 MiB is read across its borders', async () => {
    const long = 'many words '.repeat(10_000)
    const lines = Array.from({ length: 30 }, (_, i) => JSON.stringify({ text: `${long}${i}`, label: i % 2 === 0 }))
    expect(await read(lines.join('\n'))).toEqual(lines.map((_, i) => [`${long}${i}`, String(i % 2 === 0)]))
  })

  it.each([
    ['{"text": "a", "label": 1}\n\n{"text": "b"}', 'Line 3 of a.jsonl has no label.'],
    ['{"text": "a", "label": [1]}', 'Line 1 of a.jsonl has a list as its label.'],
    ['{"text": "a", "label": 1}\n{"text": ', 'Line 2 of a.jsonl is no JSON object.'],
    ['[{"text": "a", "label": 1}]', 'Line 1 of a.jsonl is no JSON object.'],
    ['{"x": 1}', 'a.jsonl starts with the keys "x"'],
  ])('%s is named', async (content, what) => {
    await expect(read(content)).rejects.toThrow(what)
  })
})
