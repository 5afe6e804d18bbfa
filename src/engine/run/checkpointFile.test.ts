import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { problemOf } from '../../gpu/testing'
import { checkpointSchema, type Checkpoint } from './checkpoint'
import { checkpointFile, readCheckpoint } from './checkpointFile'

const none = { kept: 0, cut: 0 }
const checkpoint: Checkpoint = {
  schema: checkpointSchema,
  runId: '0123456789abcdef',
  link: '#/v1',
  backend: { backend: 'wasm', device: 'WebAssembly' },
  step: 7,
  executor: {
    arrays: { weights: Float32Array.of(1, -0, NaN, Infinity), mask: Uint32Array.of(0xffffffff, 3, 0) },
    statisticsStep: 6,
    witnessed: 7,
  },
  parts: {
    progress: { loss: Float64Array.of(1 / 3, 0.1), kept: 12 },
    evaluator: [{ loss: NaN, accuracy: 0.5, robust: -Infinity }, { loss: -0 }],
    calibrator: null,
    rewinder: new Float32Array(0),
  },
  frames: [
    {
      ...{ step: 5, changes: Uint8Array.of(1, 2, 3), whole: true, cut: 1, back: 0, kept: [2, 3] },
      classes: { ordinary: none, temporary: none, sentinel: none },
      sample: null,
      bounds: [null, -Infinity],
    },
  ],
}

it('comes back from its file as it was, numbers that JSON does not have included', async () => {
  expect(await readCheckpoint(await checkpointFile(checkpoint), 'x')).toEqual(checkpoint)
})

it('is refused when a single bit was changed anywhere, or when it ends early', async () => {
  const file = await checkpointFile(checkpoint)
  for (let at = 0; at < file.length; at += 7) {
    const changed = file.slice()
    changed[at]! ^= 1 << (at % 8)
    expect((await problemOf(readCheckpoint(changed, 'x'))).what).toBe(
      'x is no whole checkpoint: it was cut off or changed.',
    )
  }
  for (const length of [0, 1, 31, 32, 33, 200, file.length - 1])
    expect((await problemOf(readCheckpoint(file.slice(0, length), 'x'))).what).toContain('cut off')
})

it('is refused when another version wrote it', async () => {
  const schema = checkpointSchema + 1
  const { what } = await problemOf(readCheckpoint(await checkpointFile({ ...checkpoint, schema }), 'x'))
  expect(what).toContain(`its schema is ${schema}, and this version reads ${checkpointSchema}.`)
})

it.each([
  ['a tensor is missing', '"executor.arrays.mask"', '"executor.arrays.musk"'],
  ['the type of a tensor is unknown', '"dtype":"F32"', '"dtype":"F16"'],
  ['the bytes of a tensor are no whole numbers', '"dtype":"U32"', '"dtype":"F64"'],
  ['it has no schema', String.raw`\"schema\"`, String.raw`\"schemb\"`],
  ['its record is no JSON', String.raw`\"schema\":`, String.raw`\"schema\"~`],
])('is refused although its checksum is right, when %s', async (_, found, instead) => {
  const text = Buffer.from(await checkpointFile(checkpoint)).toString('latin1')
  expect(text).toContain(found)
  const changed = Buffer.from(text.replace(found, instead), 'latin1')
  const sum = createHash('sha256').update(changed.subarray(0, -32)).digest()
  const sealed = Uint8Array.from([...changed.subarray(0, -32), ...sum])
  expect((await problemOf(readCheckpoint(sealed, 'x'))).what).toBe(
    'x is no whole checkpoint: it was cut off or changed.',
  )
})
