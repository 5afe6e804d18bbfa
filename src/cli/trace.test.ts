import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Problem } from '../core/problem'
import { safetensorsFile, type NamedArray } from '../core/safetensors'
import { openTensorFile, readTrace, stepTensor, type TensorFile, type Trace } from './trace'

const folder = mkdtempSync(join(tmpdir(), 'trace-'))
afterAll(() => rmSync(folder, { recursive: true }))

const floats = (name: string, values: readonly number[], shape: readonly number[] = [values.length]): NamedArray => ({
  name,
  shape,
  values: Float32Array.from(values),
})

/** Two steps of a [2, 2] matrix and a vector of 3. */
const recorded = [0, 1].flatMap((t) => [
  floats(stepTensor(t, 'w', 'block0/a'), [1 + t, 2, 3, 4], [2, 2]),
  floats(stepTensor(t, 'g', 'block0/a'), [0, -t, 0.5, 1e-30], [2, 2]),
  floats(stepTensor(t, 'w', 'b'), [7, 8, 9]),
  floats(stepTensor(t, 'g', 'b'), [0, 0, 0]),
])

function put(bytes: Uint8Array): string {
  const path = join(folder, 'trace.safetensors')
  writeFileSync(path, bytes)
  return path
}

function opened<T>(bytes: Uint8Array, read: (file: TensorFile) => T): T {
  const file = openTensorFile(put(bytes))
  try {
    return read(file)
  } finally {
    file.close()
  }
}

/** Reads every step, as a replay does. */
function open(arrays: readonly NamedArray[], metadata: Readonly<Record<string, string>> = {}): Trace {
  return opened(safetensorsFile(arrays, metadata), (file) => {
    const trace = readTrace(file)
    for (let t = 0; t < trace.steps; t++) for (const kind of ['w', 'g']) trace.read(t, kind)
    return trace
  })
}

/** What the Problem says, both sentences. */
function problemOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof Problem) return error.message
    throw error
  }
  throw new Error('It was accepted.')
}

const without = (name: string) => recorded.filter((array) => array.name !== name)

describe('a trace', () => {
  it('is laid out in the order of the file, each tensor at a multiple of 64', () => {
    const trace = open(recorded)
    expect(trace.layout.tensors.map(({ name, shape, offset }) => [name, shape, offset])).toEqual([
      ['block0/a', [2, 2], 0],
      ['b', [3], 64],
    ])
    expect([trace.steps, trace.mask, trace.rate(1), trace.has('h')]).toEqual([2, undefined, undefined, false])
  })

  it('holds weights and gradients of every step in their places', () => {
    opened(safetensorsFile(recorded, {}), (file) => {
      const trace = readTrace(file)
      const weights = trace.read(1, 'w')
      expect([...weights.slice(0, 5), ...weights.slice(64, 67)]).toEqual([2, 2, 3, 4, 0, 7, 8, 9])
      expect(trace.read(1, 'g')[1]).toBe(-1)
      // No initial/w: the weights after the first step stand in.
      expect([...trace.initial.slice(0, 4)]).toEqual([1, 2, 3, 4])
    })
  })

  it('takes names and their order from `prunable`, weights and mask to start from, and rates', () => {
    const start = [floats('initial/w/b', [1, 1, 1]), floats('initial/w/block0/a', [5, 5, 5, 5], [2, 2])]
    const mask = [{ name: 'initial/mask/b', shape: [3], values: Uint8Array.of(1, 0, 1) }]
    const trace = open([...recorded, ...start, ...mask], { prunable: 'b', rate: '0.1, 0.2' })
    expect(trace.layout.tensors.map(({ name }) => name)).toEqual(['b'])
    expect([...trace.initial.slice(0, 3)]).toEqual([1, 1, 1])
    // Bits 0 and 2.
    expect(trace.mask?.[0]).toBe(5)
    expect([trace.rate(0), trace.rate(1)]).toEqual([0.1, 0.2])
    expect(open([...recorded, ...start], { prunable: 'block0/a,b' }).layout.tensors.map(({ name }) => name)).toEqual([
      'block0/a',
      'b',
    ])
  })
})

describe('what is wrong with a trace is said with the name of the tensor', () => {
  it.each<[string, readonly NamedArray[], Readonly<Record<string, string>>, string]>([
    ['no steps', [floats('w', [1])], {}, 'has no tensor "000000/w/<name>"'],
    ['a gradient is missing', without('000001/g/b'), {}, 'has no tensor "000001/g/b"'],
    ['a tensor is missing from a step', without('000001/w/b'), {}, 'has no tensor "000001/w/b"'],
    [
      'a name that is not there',
      recorded,
      { prunable: 'block0/a,c' },
      'has no tensor "000000/w/c", which its metadata "prunable" asks for',
    ],
    ['a name twice', recorded, { prunable: 'b, b' }, 'names "b" twice'],
    ['a hole between steps', [...recorded, floats('000003/w/b', [1, 2, 3])], {}, 'has 3 steps, but not step 000002'],
    ['another shape', [...without('000001/g/b'), floats('000001/g/b', [1, 2])], {}, 'Tensor "000001/g/b"'],
    ['not a number', [...without('000001/g/b'), floats('000001/g/b', [1, Number.NaN, 2])], {}, 'is NaN at 1'],
    [
      'bytes for floats',
      [...without('000001/g/b'), { name: '000001/g/b', shape: [3], values: Uint8Array.of(1, 2, 3) }],
      {},
      'is U8, not F32',
    ],
    ['too few rates', recorded, { rate: '1,2,3' }, 'The metadata "rate"'],
    ['a rate with a comma too many', recorded, { rate: '0.1,' }, 'The metadata "rate" of'],
    ['a rate of spaces', recorded, { rate: ' ' }, 'The metadata "rate" of'],
  ])('%s', (_, arrays, metadata, what) => {
    expect(problemOf(() => open(arrays, metadata))).toContain(what)
  })

  const whole = safetensorsFile(recorded, {})
  const header = (text: string) => {
    const bytes = new Uint8Array(8 + text.length + 16)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
    bytes.set(new TextEncoder().encode(text), 8)
    return bytes
  }

  it.each([
    ['an empty file', new Uint8Array(), 'is no safetensors file'],
    ['another format', new TextEncoder().encode('PK and a lot more text'), 'promise a header of'],
    ['a file cut off', whole.subarray(0, whole.length - 4), 'The file was cut off'],
    ['a header that is no JSON', header('{"a": '), 'is no JSON record'],
    ['a header that is a list', header('[1, 2]'), 'is no JSON record'],
    ['a tensor without shape', header('{"x": {"dtype": "F32"}}'), 'describes its tensor "x"'],
    [
      'a name twice',
      header('{"a\\"": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}, "a\\u0022": {}, "__metadata__": {}}'),
      'describes its tensor "a"" twice',
    ],
    [
      'metadata that nest deep',
      header(`{"__metadata__": {"x": ${'['.repeat(1e5)}${']'.repeat(1e5)}}}`),
      'The entry "x" of the metadata of',
    ],
    ['offsets backwards', header('{"x": {"dtype": "F32", "shape": [1], "data_offsets": [8, 4]}}'), 'Tensor "x"'],
    [
      'a shape that does not fit',
      header('{"000000/w/x": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}}'),
      'has 8 bytes; its shape [3] needs 12',
    ],
  ])('%s', (_, bytes, what) => {
    expect(problemOf(() => opened(bytes, readTrace))).toContain(what)
  })
})
