import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Problem } from '../core/problem'
import { idNamed } from './idNamed'
import { idsOf, labels, modelFor, parts, plugin } from './registries'

const folders = { data: 'data', model: 'models', method: 'methods', start: 'starts' } as const
const source = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8')

describe.each(parts)('the registry of %s', (part) => {
  const folder = folders[part]

  it.each(idsOf(part))('%s: file name, export name and id are the same', (id) => {
    expect(existsSync(join(import.meta.dirname, '..', folder, `${id}.ts`))).toBe(true)
    expect(source(`${folder}/${id}.ts`)).toContain(`export const ${id} = `)
    expect(source(`${folder}/index.ts`)).toContain(`export { ${id} } from './${id}'`)
  })

  it.each(idsOf(part))('%s: every knob has a default that it allows, and words for people', (id) => {
    for (const [name, knob] of Object.entries(plugin(part, id).knobs)) {
      expect([name, knob.label]).not.toContain('')
      expect(knob.help, `${id}.${name}`).toMatch(/\.$/)
      if (knob.kind === 'choice') expect(Object.keys(knob.options)).toContain(knob.default)
      if (knob.kind === 'number') expect(knob.default >= knob.min && knob.default <= knob.max).toBe(true)
      if (knob.kind === 'number' && knob.scale === 'log') expect(knob.min).toBeGreaterThan(0)
    }
  })

  it.each(idsOf(part))('%s: is found by its id and its label, in any case', (id) => {
    const { label } = plugin(part, id)
    for (const name of [id, id.toUpperCase(), label, label.toLowerCase(), label.replaceAll(' ', '-')])
      expect([name, idNamed(labels[part], name)]).toEqual([name, id])
  })

  it('finds nothing by a name that is none', () => {
    for (const name of ['', ' ', '-', '(', 'nothing', 'constructor', '__proto__'])
      expect([name, idNamed(labels[part], name)]).toEqual([name, null])
  })

  it('refuses ids that are none, those of objects among them', () => {
    for (const id of ['', 'nothing', 'constructor', '__proto__', 'toString'])
      expect(() => plugin(part, id)).toThrow(Problem)
  })
})

describe('modelFor', () => {
  it('keeps a model that reads the data, and finds one where it does not', () => {
    expect(modelFor('cifar10', 'vitTiny')).toBe('vitTiny')
    expect(modelFor('cifar10', 'miniBert')).toBe('vitTiny')
    expect(modelFor('sst2', 'vitTiny')).toBe('miniBert')
    expect(modelFor('sst2', 'mlp')).toBe('mlp')
    expect(modelFor('dropped', 'miniBert')).toBe('miniBert')
  })
})
