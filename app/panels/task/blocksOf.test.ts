import { expect, test } from 'vitest'
import { blocksOf, piecesOf } from './blocksOf'

test('paragraphs and lists', () => {
  expect(blocksOf('Compare.\nTwo lines.\n\n\n- one\n- two\n1. first\n2) second\nEnd 1. here')).toEqual([
    { kind: 'text', lines: ['Compare.', 'Two lines.'] },
    { kind: 'points', lines: ['one', 'two'] },
    { kind: 'numbers', lines: ['first', 'second'] },
    { kind: 'text', lines: ['End 1. here'] },
  ])
  expect(blocksOf('')).toEqual([])
})

test('bold and italics, and nothing else', () => {
  expect(piecesOf('Is **SEVEN** *really* 2 * 3 * 4 [better](https://x.org) <b>now</b>?')).toEqual([
    { look: 'plain', text: 'Is ' },
    { look: 'bold', text: 'SEVEN' },
    { look: 'plain', text: ' ' },
    { look: 'italic', text: 'really' },
    { look: 'plain', text: ' 2 * 3 * 4 [better](https://x.org) <b>now</b>?' },
  ])
})
