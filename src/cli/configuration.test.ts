import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { toLink } from '../config/link'
import { openPreset } from '../config/presets'
import { Problem } from '../core/problem'
import { readConfiguration } from './configuration'

const folder = mkdtempSync(join(tmpdir(), 'sentinel-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('readConfiguration', () => {
  it('knows what a link locks, and lets --set change both', () => {
    const opened = readConfiguration('#/v1?lock=method&stage=1', ['lock=seed_method.sparsity', 'method.sparsity=0.5'])
    expect(opened.role).toMatchObject({ lock: ['seed', 'method.sparsity'], stage: true })
    expect(opened.notes).toEqual(['The link locks method.sparsity on the page; --set changes it here.'])
    expect(() => readConfiguration('toy', ['hide=metod'])).toThrow('--set: hide names metod, which is no setting')
  })

  it('opens the same experiment from a preset, its link, and a file', () => {
    const file = join(folder, 'experiment.json')
    writeFileSync(file, '{"preset": "sst2-nano"}')
    const expected = { experiment: openPreset('sst2-nano'), notes: [] }
    expect(readConfiguration('sst2-nano', [])).toEqual(expected)
    expect(readConfiguration(toLink(openPreset('sst2-nano')), [])).toEqual(expected)
    expect(readConfiguration(`https://example.org/${toLink(openPreset('sst2-nano'))}`, [])).toEqual(expected)
    expect(readConfiguration(file, [])).toEqual(expected)
  })

  it('opens a link that was mangled on its way, and a file that a shell wrote', () => {
    const { experiment } = readConfiguration('#/v1?seed=3&data=sst2', [])
    const links = [
      '<https://example.org/play/#/v1?seed=3&amp;data=sst2>',
      'https://example.org/play/%23/v1?seed=3&data=sst2',
      'https://example.org/play/?seed=3&data=sst2',
      '\u200B#/v1?seed=3&data=sst2.',
    ]
    for (const link of links)
      expect(readConfiguration(link, [])).toEqual({
        experiment,
        notes: [expect.stringMatching(/^The link was repaired: /)],
      })
    expect(readConfiguration('https://example.org/play/', []).notes).toEqual([
      expect.stringContaining('holds no experiment'),
    ])
    const file = join(folder, 'a#b.json')
    writeFileSync(file, Buffer.from('\uFEFF\n> sentinel\n{"seed":3,"data":"sst2"}', 'utf16le'))
    expect(readConfiguration(file, [])).toEqual({ experiment, notes: [] })
  })

  it('lays --set over it and keeps the notes of both', () => {
    const { experiment, notes } = readConfiguration('#/v1?colour=1', ['seed=7', 'method=snip', 'method.sparsity=300'])
    expect(experiment).toMatchObject({ seed: 7, method: { id: 'snip', values: { sparsity: 0.99 } } })
    expect(notes).toEqual([
      'colour is not a setting of this experiment and was left out.',
      'method.sparsity was 300; the largest allowed value 0.99 is used.',
    ])
  })

  it('reads the numbers of --set as people write them', () => {
    const { experiment, notes } = readConfiguration('toy', [
      'method.sparsity=0,9',
      'training.steps=2,000',
      'method.begin=10 %',
    ])
    expect(experiment).toMatchObject({ method: { values: { sparsity: 0.9, begin: 0.1 } }, training: { steps: 2000 } })
    expect(notes).toEqual(['training.steps was 2,000, read as 2000.'])
  })

  it.each([
    ['nowhere.json', [], '"nowhere.json" is no preset, no link and no file.'],
    ['toi', [], '"toi" is no preset, no link and no file.'],
    [folder, [], `"${folder}" is no preset, no link and no file.`],
    ['toy', ['sparsity'], '--set was given "sparsity".'],
    ['toy', ['=3'], '--set was given "=3".'],
    ['toy', ['method=snp'], '--set: method was snp, which does not exist.'],
    ['toy', ['training.steps=many'], '--set: training.steps was many, which is not a number.'],
    ['#/v1?method=snip', ['method='], '--set: method was empty, which does not exist.'],
    ['toy', ['sparsity=80'], '--set was given "sparsity", which is not a setting of this experiment.'],
  ])('refuses %s with %j', (config, sets, what) => {
    const refused = () => readConfiguration(config, sets)
    expect(refused).toThrow(Problem)
    expect(refused).toThrow(what)
  })

  it('refuses a --set that sets nothing, with the name that was meant', () => {
    const failure = (key: string) => {
      try {
        return readConfiguration('toy', [key.includes('=') ? key : `${key}=3`])
      } catch (error) {
        return error
      }
    }
    expect(failure('steps')).toMatchObject({
      what: '--set was given "steps", which is not a setting of this experiment.',
      fix: 'Write --set training.steps=value.',
    })
    const fixes = {
      headrate: 'training.headRate',
      'training.headrate': 'training.headRate',
      frozenEmbedding: 'training.frozenEmbeddings',
      'method.sparsty': 'method.sparsity',
      methd: 'method',
    }
    for (const [key, meant] of Object.entries(fixes))
      expect(failure(key)).toMatchObject({ fix: `Write --set ${meant}=value.` })
    expect(failure('method=snp')).toMatchObject({
      fix: expect.stringMatching(/^Did you mean snip\? It can be .*\bmagnitude\b.*\.$/) as string,
    })
    expect(failure('training.optimizer=adam')).toMatchObject({ fix: 'Did you mean adamw? It can be adamw, sgd.' })
    expect(failure('training.frozenEmbeddings=yes')).toMatchObject({ fix: 'It can be true or false.' })
    expect(failure('model.patches')).toBeInstanceOf(Problem)
    expect(failure('training.steps')).toMatchObject({ experiment: { training: { steps: 3 } }, notes: [] })
  })
})
