import { expect, test } from 'vitest'
import { bare } from './shaderText.mjs'

test('by hand: comments and indentation go, lines and code stay', () => {
  const text = '// What it is.\nfn half(x: f32) -> f32 { // for now\n  // Not x / 3.0.\n  return x / 2.0;\n}\n'
  expect(bare(text)).toBe('\nfn half(x: f32) -> f32 {\n\nreturn x / 2.0;\n}\n')
})
