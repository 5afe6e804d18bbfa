import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import katex from 'katex'
import { describe, expect, it } from 'vitest'
import { idsOf, plugin } from '../config/registries'
import { methodsPage } from './methodsPage'

describe('docs/methods.md', () => {
  it('is what the registry says; npm run docs writes it', () => {
    expect(readFileSync(join(import.meta.dirname, '../../docs/methods.md'), 'utf8')).toBe(methodsPage())
  })

  it('leads from its list to every method', () => {
    const page = methodsPage()
    const targets = [...page.matchAll(/\]\(#([\w-]+)\)/g)].map(([, target]) => target)
    expect(targets).toHaveLength(idsOf('method').length)
    for (const target of targets) expect(page).toContain(`<a id="${target!}"></a>`)
  })
})

describe.each(idsOf('method'))('%s', (id) => {
  const { formula, shines, fails } = plugin('method', id)

  it('says what it computes in TeX that KaTeX reads, and where it does well and where not', () => {
    expect([formula, shines, fails]).not.toContain(undefined)
    expect(katex.renderToString(formula!, { displayMode: true, strict: 'error' })).toContain('<math')
    for (const text of [shines!, fails!]) expect(text).toMatch(/[.)]$/)
  })
})
