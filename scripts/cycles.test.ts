import { describe, expect, it } from 'vitest'
import { cyclesOf, importsOf } from './cycles.mjs'

describe('cyclesOf', () => {
  it('finds circles of any length and nothing else', () => {
    const graph = new Map(Object.entries({ a: ['b', 'e'], b: ['c'], c: ['a'], d: ['a', 'd'], e: ['f'], f: [] }))
    expect(cyclesOf(graph)).toEqual([['a', 'b', 'c'], ['d']])
  })

  it('finds none in a diamond', () => {
    expect(cyclesOf(new Map(Object.entries({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] })))).toEqual([])
  })
})

describe('importsOf', () => {
  it('leaves out what only types need', () => {
    const source = `
      import a, { type B } from './a'
      import type { C } from './c'
      import { type D, type E } from './d'
      import './e'
      export { f } from './f'
      export type { G } from './g'
      const h = import('./h')`
    expect(importsOf(source)).toEqual(['./a', './e', './f', './h'])
  })
})
