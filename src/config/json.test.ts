import { describe, expect, it } from 'vitest'
import { Problem } from '../core/problem'
import { check } from './check'
import { defaultExperiment } from './defaults'
import { fromJson, jsonText, toJson } from './json'
import { layered, openPreset, presets } from './presets'

describe('fromJson', () => {
  it('finds an experiment, however deep it lies', () => {
    const deep = `${'{"experiment":'.repeat(50_000)}{"seed": 7}${'}'.repeat(50_000)}`
    expect(fromJson(deep).experiment.seed).toBe(7)
  })

  it('reads back what toJson wrote', () => {
    for (const name of Object.keys(presets))
      expect(fromJson(toJson(openPreset(name)))).toEqual({ experiment: openPreset(name), notes: [] })
  })

  it('takes a preset and what differs from it, nested or flat', () => {
    const expected = check({ method: 'snip', 'method.sparsity': 0.5, 'training.steps': 9 }, openPreset('sst2-nano'))
    expect(expected.notes).toEqual([])
    expect(fromJson('{"preset":"sst2-nano","method":"snip","method.sparsity":0.5,"training.steps":9}')).toEqual(
      expected,
    )
    expect(fromJson('{"preset":"sst2-nano","method":{"id":"snip","sparsity":0.5},"training":{"steps":9}}')).toEqual(
      expected,
    )
    expect(
      fromJson('{"preset":"sst2-nano","method":{"id":"snip","values":{"sparsity":0.5}},"training":{"steps":9}}'),
    ).toEqual(expected)
  })

  it('takes the experiment of a result', () => {
    const result = { runId: 'abc', steps: 4, experiment: openPreset('toy') }
    expect(fromJson(JSON.stringify(result))).toEqual({ experiment: openPreset('toy'), notes: [] })
  })

  it.each(['', '{', '[]', '7', 'null', '"text"', '{"preset":"huge"}', '{"preset":"__proto__"}'])(
    'refuses %j with a Problem',
    (text) => {
      expect(() => fromJson(text)).toThrow(Problem)
    },
  )

  it('takes numbers as people write them', () => {
    const { experiment, notes } = fromJson(
      '{"seed": "7", "method": {"sparsity": "90 %", "begin": "0,1"}, "training": {"steps": "2,000", "batch": "16"}}',
    )
    expect(experiment).toMatchObject({
      seed: 7,
      method: { values: { sparsity: 0.9, begin: 0.1 } },
      training: { steps: 2000, batch: 16 },
    })
    expect(notes).toEqual(['training.steps was 2,000, read as 2000.'])
  })

  const json = '{"preset":"toy","seed":7}'
  const meant = { experiment: { ...openPreset('toy'), seed: 7 }, notes: [] }
  const units = (text: string, littleEndian: boolean) => {
    const view = new DataView(new ArrayBuffer(2 * text.length))
    Array.from({ length: text.length }, (_, i) => {
      view.setUint16(2 * i, text.charCodeAt(i), littleEndian)
    })
    return new Uint8Array(view.buffer)
  }

  it.each([
    ['UTF-8', new TextEncoder().encode(json)],
    ['UTF-8 with a mark', new TextEncoder().encode(`\uFEFF${json}`)],
    ['UTF-16 LE', units(`\uFEFF${json}`, true)],
    ['UTF-16 BE', units(`\uFEFF${json}`, false)],
    ['UTF-16 LE without a mark', units(json, true)],
    ['UTF-16 BE without a mark', units(json, false)],
  ])('reads %s', (_, bytes) => {
    expect(fromJson(jsonText(bytes))).toEqual(meant)
  })

  it.each([
    `\uFEFF${json}`,
    `\n> pruning-playground@0.1.0 sentinel\n> vite-node src/cli/main.ts -- link --json\n\n${json}\n`,
    `\r\n> pruning-playground@0.1.0 sentinel\r\n\r\n${json.replace(',', ',\r\n')}\r\n`,
    `yarn run v1.22.22\n$ vite-node src/cli/main.ts\nNote: something.\n${json}\nDone in 1.20s.\n`,
    `npm warn config something\n${json}\nnpm notice New version of npm\n`,
  ])('reads JSON with what stands around it in %j', (text) => {
    expect(fromJson(text)).toEqual(meant)
  })

  it('notes a preset that is not a name', () => {
    expect(fromJson('{"preset":3}')).toEqual({
      experiment: defaultExperiment,
      notes: ['preset is not a setting of this experiment and was left out.'],
    })
  })
})

describe('presets', () => {
  it.each(Object.entries(presets))('%s holds only settings that exist and are allowed', (_, preset) => {
    expect(check(layered(preset), defaultExperiment).notes).toEqual([])
  })
})
