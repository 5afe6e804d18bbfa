import { expect, it } from 'vitest'
import { check } from './check'
import { changeOf, denseOutcomes, rowsOf, type Outcome } from './comparison'
import { defaultExperiment } from './defaults'
import { runId } from './identity'
import type { Made } from './made'
import { toCsv, toMarkdown, toRunsCsv } from './takeaway'

const here: Made = { backend: 'webgpu', device: 'A', data: 'a'.repeat(64), commit: '1'.repeat(40) }

function run(method: string, seed: number, end: number, made: Made): Outcome {
  const { experiment } = check(
    { method, seed, ...(method === 'dense' ? {} : { 'method.sparsity': 0.5 }) },
    defaultExperiment,
  )
  const kept = method === 'dense' ? 1000 : 500
  const counts = { kept, prunable: 1000, parameters: 1200, speedup: null, majority: null, held: null }
  return { runId: runId(experiment), experiment, pruned: null, end, ...counts, made }
}

/** Dense and SNIP with two seeds each; those of the second seed were made elsewhere. */
const mixed = (there: Partial<Made>) =>
  [0.1, 0.2].flatMap((end, i) => {
    const made = i === 0 ? here : { ...here, ...there }
    return [run('dense', i + 1, end, made), run('snip', i + 1, end / 2, made)]
  })
const namesOf = (outcomes: readonly Outcome[]) =>
  rowsOf(outcomes).map(({ label, outcomes: { length } }) => [label, length])
const textOf = (outcomes: readonly Outcome[]) => toMarkdown(outcomes, { title: 'Toy', link: '#/v1' })

it('says nothing where all runs were made in the same way', () => {
  expect(namesOf(mixed({}))).toEqual([
    ['Dense', 2],
    ['SNIP', 2],
  ])
  expect(textOf(mixed({}))).not.toContain('These runs')
})

it('never averages over backends or data, and compares with the dense run of the same', () => {
  const backends = mixed({ backend: 'wasm' })
  expect(namesOf(backends)).toEqual([
    ['Dense (wasm)', 1],
    ['Dense (webgpu)', 1],
    ['SNIP (wasm)', 1],
    ['SNIP (webgpu)', 1],
  ])
  expect(textOf(backends)).toContain(
    'These runs were made on different backends (webgpu: 2 runs, wasm: 2 runs). Each backend has rows of its own.',
  )
  const data = mixed({ data: 'b'.repeat(64) })
  expect(namesOf(data).map(([label]) => label)).toContain('SNIP (data bbbbbbbb)')
  expect(textOf(data)).toContain('(aaaaaaaa: 2 runs, bbbbbbbb: 2 runs)')
  expect(toCsv(data).trim().split('\r\n')).toHaveLength(5)
  // The same seed on both backends: each has a reference of its own.
  const both = [...mixed({}), run('dense', 1, 0.9, { ...here, backend: 'wasm' })]
  const snip = rowsOf(both).find(({ label }) => label === 'SNIP (webgpu)')!
  expect(changeOf(snip, 'end', denseOutcomes(both))?.mean).toBeCloseTo(-0.075)
})

it('averages over versions and devices, and says so', () => {
  const mixture = mixed({ commit: '2'.repeat(40), device: 'B' })
  expect(namesOf(mixture)).toHaveLength(2)
  expect(textOf(mixture)).toContain('by different versions of the program (11111111: 2 runs, 22222222: 2 runs)')
  expect(textOf(mixture)).toContain('on different devices (A: 2 runs, B: 2 runs)')
  const [header, first] = toRunsCsv(mixture).split('\r\n')
  expect(header).toContain('backend,device,data,commit,link')
  expect(first).toContain(`webgpu,A,${here.data},${here.commit},`)
})
