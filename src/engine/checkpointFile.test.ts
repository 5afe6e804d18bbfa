import { expect, it } from 'vitest'
import { problemOf } from '../gpu/testing'
import type { Checkpoint } from './checkpoint'
import { checkpointFile, readCheckpoint } from './checkpointFile'

const checkpoint: Checkpoint = {
  schema: 1,
  runId: '0123456789abcdef',
  link: '#/v1',
  backend: { backend: 'wasm', device: 'WebAssembly' },
  step: 7,
  executor: {
    arrays: { weights: Float32Array.of(1, -0, NaN, Infinity), mask: Uint32Array.of(0xffffffff, 3) },
    statisticsStep: 6,
    witnessed: 7,
  },
  parts: {
    progress: { loss: Float64Array.of(1 / 3, 0.1), kept: 12 },
    evaluator: [{ loss: NaN, accuracy: 0.5, robust: -Infinity }, { loss: -0 }],
    calibrator: null,
    rewinder: new Float32Array(0),
  },
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
  const { what } = await problemOf(readCheckpoint(await checkpointFile({ ...checkpoint, schema: 2 }), 'x'))
  expect(what).toContain('its schema is 2, and this version reads 1')
})
