import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** Sections that a text refers to; references may break over lines of a comment. */
function cited(text: string): string[] {
  const flowing = text.replace(/\n\s*(?:\*|\/\/)?\s*/g, ' ')
  const references = flowing.matchAll(/docs\/algorithms\.md (\d+\.\d+(?:(?:,| and) \d+\.\d+)*)/g)
  return [...references].flatMap(([, sections = '']) => sections.split(/,? (?:and )?/))
}

it('reads references one by one, over lines too', () => {
  expect(cited('(docs/algorithms.md 2.1, 2.9 and 2.17); then (docs/algorithms.md\n * 0.6).')).toEqual([
    '2.1',
    '2.9',
    '2.17',
    '0.6',
  ])
})

it('docs/algorithms.md has every section that code refers to, and the section says something', () => {
  const page = readFileSync(join(root, 'docs/algorithms.md'), 'utf8')
  const sections = new Set([...page.matchAll(/^\*\*(\d+\.\d+)[ .*].{20}/gm)].map(([, section]) => section))
  const files = ['src', 'app', 'shaders'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((file) => join(root, room, file)),
  )
  const references = files
    .filter((file) => /\.(ts|tsx|wgsl|py)$/.test(file) && !file.endsWith('algorithmsPage.test.ts'))
    .flatMap((file) => cited(readFileSync(file, 'utf8')).map((section) => ({ file, section })))
  expect(references.length).toBeGreaterThan(50)
  expect(references.filter(({ section }) => !sections.has(section))).toEqual([])
})
