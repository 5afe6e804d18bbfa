import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Problem } from '../core/problem'
import { replayTrace, type ReplayOptions } from './replay'
import { safetensorsFile, type NamedArray } from '../core/safetensors'
import { openTensorFile, stepTensor } from './trace'
import { screenOn } from './screen'

const folder = mkdtempSync(join(tmpdir(), 'replay-'))
afterAll(() => rmSync(folder, { recursive: true }))
const trace = join(folder, 'trace.safetensors')
const out = join(folder, 'deep/out.safetensors')

/**
 * Two batches of a [2, 3] matrix: w g means are (1*2, 2*1, 0, -1*1, 0.5*4, 3*0), g of the batches differ by sign in
 * entry 0.
 */
const weights = [1, 2, 0, -1, 0.5, 3]
const gradients = [
  [3, 1, 5, 1, 4, 1],
  [1, 1, 5, 1, 4, -1],
]

function record(metadata: Readonly<Record<string, string>> = {}): void {
  const arrays = gradients.flatMap((values, t): NamedArray[] => [
    { name: stepTensor(t, 'w', 'a'), shape: [2, 3], values: Float32Array.from(weights) },
    { name: stepTensor(t, 'g', 'a'), shape: [2, 3], values: Float32Array.from(values) },
  ])
  writeFileSync(trace, safetensorsFile(arrays, metadata))
}

function run(rest: readonly string[], changed: Partial<ReplayOptions> = {}) {
  let said = ''
  const screen = screenOn({
    write: (text) => {
      said += text
    },
  })
  replayTrace({ method: 'snip', trace, out, seed: '1', knob: [], ...changed }, rest, screen)
  const file = openTensorFile(out)
  const found = Object.fromEntries(
    [...file.tensors].map(([name, { dtype }]) => [name, [...(dtype === 'F32' ? file.floats(name) : file.bytes(name))]]),
  )
  file.close()
  return { said, found, metadata: file.metadata }
}

function problemOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof Problem) return error.message
    throw error
  }
  throw new Error('It was accepted.')
}

describe('replay', () => {
  it('writes score and mask of every step, ties to the lower index', () => {
    record()
    const { said, found, metadata } = run(['--batches', '2', '--sparsity=0.5'])
    // Mean g: (2, 1, 5, 1, 4, 0); |w g|: (2, 2, 0, 1, 2, 0). Half of 6 stay: the three that score 2.
    expect(found['000001/score/a']).toEqual([2, 2, 0, 1, 2, 0])
    expect(found['000001/mask/a']).toEqual([1, 1, 0, 0, 1, 0])
    // After the first batch g is (3, 1, 5, 1, 4, 1) and nothing is cut.
    expect(found['000000/score/a']).toEqual([3, 2, 0, 1, 2, 3])
    expect(found['000000/mask/a']).toEqual([1, 1, 1, 1, 1, 1])
    expect(said).toContain('2 steps, 1 tensors, mask changed after 1 steps')
    expect(metadata).toMatchObject({ method: 'snip', prunable: 'a', seed: '1' })
    expect(JSON.parse(metadata.knobs!)).toEqual({ sparsity: 0.5, scope: 'global', batches: 2 })
  })

  it('takes knobs both ways, and keeps the lowest index of equal scores', () => {
    record()
    // Two of the three weights that score 2 stay: round(0.4 * 6) = 2.
    expect(run([], { knob: ['batches=2', 'sparsity=0.6'] }).found['000001/mask/a']).toEqual([1, 1, 0, 0, 0, 0])
  })

  it('gives scores where the plan cuts nothing', () => {
    record()
    const { found, said } = run([], { method: 'dense' })
    expect(found['000001/score/a']).toEqual([1, 2, 0, 1, 0.5, 3])
    expect(said).toContain('mask changed after 0 steps')
  })

  it('draws the same by the same seed only', () => {
    record()
    const masks = ['1', '1', '2'].map(
      (seed) => run(['--schedule', 'before', '--sparsity', '0.5'], { method: 'random', seed }).found['000000/score/a'],
    )
    expect(masks[0]).toEqual(masks[1])
    expect(masks[0]).not.toEqual(masks[2])
  })

  it.each<[string, string[], Partial<ReplayOptions>, string]>([
    ['a method that is none', [], { method: 'snap' }, 'There is no method "snap".'],
    ['a knob that is none', ['--sparsty', '0.5'], {}, 'has no knob "sparsty". It has sparsity, scope, batches.'],
    ['a value out of range', ['--sparsity', '2'], {}, 'Nothing was replayed'],
    ['no value', ['--sparsity'], {}, '--sparsity has no value'],
    ['a stray word', ['0.5'], {}, '"0.5" is no option of replay'],
    ['a knob without name', [], { knob: ['0.5'] }, '--knob was given "0.5"'],
    ['a seed that is no number', [], { seed: 'x' }, 'seed was x'],
    ['no count of steps', [], { steps: '0' }, '--steps was given "0"'],
    [
      'more batches than steps',
      ['--batches', '3'],
      {},
      'SNIP scores 3 batches before training, and the trace has 2 steps. Record more of them',
    ],
    ['a folder for its answer', [], { out: folder }, `--out was given "${folder}", which is a folder.`],
    ['no trace', [], { trace: join(folder, 'none') }, 'cannot be read'],
  ])('refuses %s, and writes nothing', (_, rest, changed, what) => {
    record()
    rmSync(out, { force: true })
    expect(problemOf(() => run(rest, changed))).toContain(what)
    expect(() => readFileSync(out)).toThrow('ENOENT')
  })
})
