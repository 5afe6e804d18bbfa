import { expect, test } from 'vitest'
import { workgroups } from '../../src/gpu/kernel'
import { awkwardSizes, runKernel } from '../../src/gpu/testing'
import { visit as text } from '..'
import { visit } from './visit'

test.each(awkwardSizes)('kernel and twin add what is kept to what was ever kept, in %i words', async (words) => {
  const wordsOf = (seed: number) => Uint32Array.from({ length: words }, (_, i) => Math.imul(i + seed, 0x9e3779b1) >>> 0)
  const [mask, visited] = [wordsOf(1), wordsOf(7)]
  const expected = [...mask].map((word, i) => Number(BigInt(word) | BigInt(visited[i]!)))
  const ours = visited.slice()
  visit(mask, ours)
  expect([...ours]).toEqual(expected)
  expect([...(await runKernel(text, { mask, visited }, workgroups(words, 256))).visited]).toEqual(expected)
})
