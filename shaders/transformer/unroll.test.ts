import { expect, test } from 'vitest'
import { unroll } from './unroll'

const tight = (text: string) => text.replace(/\s+/g, ' ').trim()

test('writes out loops over constants and turns their arrays into variables', () => {
  const text = `
    var sums: array<array<f32, columns>, rows>;
    for (var r = 0u; r < rows; r++) { let a = x[r]; for (var c = 0u; c < columns; c++) { sums[r][c] += a; } }`
  expect(tight(unroll(text, { rows: 2, columns: 1 }))).toBe(
    tight(`
    var sums_0_0 = 0.0; var sums_1_0 = 0.0;
    { let a = x[0u]; { sums_0_0 += a; } } { let a = x[1u]; { sums_1_0 += a; } }`),
  )
})

test('leaves loops over other things, and arrays that such a loop reads', () => {
  const text = `
    var results: array<f32, columns>;
    for (var c = 0u; c < columns; c++) { results[c] = 1.0; }
    for (var i = 0u; i < shape.width; i++) { y[i] = results[i]; }`
  expect(tight(unroll(text, { columns: 1 }))).toBe(
    tight(`
    var results: array<f32, columns>; { results[0u] = 1.0; }
    for (var i = 0u; i < shape.width; i++) { y[i] = results[i]; }`),
  )
})
