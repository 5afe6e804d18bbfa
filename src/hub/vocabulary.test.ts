import { expect, it } from 'vitest'
import { problemOf } from '../gpu/testing'
import { golden, goldenJson } from './testing'
import { readVocabulary } from './vocabulary'

const rows = 45

it('moves the special pieces to the front, and tells the row of each piece', async () => {
  const { pieces, rows: places } = await readVocabulary(golden('bert'), rows)
  expect(pieces.slice(0, 7)).toEqual(['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[unused0]', '[MASK]', 'a'])
  expect([...places.slice(0, 7)]).toEqual([0, 2, 3, 4, 1, 5, 6])
  expect(places.length).toBe(pieces.length)
})

it('reads the same from tokenizer.json', async () => {
  const json = await readVocabulary(golden('bert', { 'vocab.txt': null }), rows)
  expect(json).toEqual(await readVocabulary(golden('bert'), rows))
})

it.each([
  [{ 'tokenizer_config.json': '{"do_lower_case": false}' }, /keeps upper case/],
  [{ 'tokenizer_config.json': '{"strip_accents": false}' }, /keeps accents/],
  [{ 'tokenizer_config.json': '{"tokenize_chinese_chars": false}' }, /Chinese/],
  [{ 'vocab.txt': null, 'tokenizer.json': null }, /neither vocab.txt nor tokenizer.json/],
  [{ 'vocab.txt': '[PAD]\n[UNK]\n[CLS]\na\n' }, /no piece \[SEP\]/],
  [{ 'vocab.txt': null, 'tokenizer.json': '{"model": {"type": "BPE", "vocab": {}}}' }, /kind BPE/],
])('says what it cannot read: %j', async (files, what) => {
  expect((await problemOf(readVocabulary(golden('bert', files), rows))).what).toMatch(what)
})

it('needs a row for each piece', async () => {
  expect((await problemOf(readVocabulary(golden('bert'), 40))).what).toBe(
    "vocab.txt has 43 pieces, and the model's token table 40 rows.",
  )
  const json = golden('bert', { 'vocab.txt': null })
  expect((await problemOf(readVocabulary(json, 40))).what).toMatch(
    /the number 4\d; the model's token table has 40 rows/,
  )
  expect(goldenJson('bert', 'config.json')).toMatchObject({ vocab_size: rows })
})
