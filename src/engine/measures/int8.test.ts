import { describe, expect, it } from 'vitest'
import { pruningFor } from '../../config/pruningFor'
import { placeTensors } from '../../core/layout'
import type { TensorSpec } from '../../core/model'
import { asInt8, int8Tensor } from './int8'
import { deflated } from '../../core/deflated'
import { weightsFile } from '../run/weightsFile'
import { experimentOf, smallMlp } from '../testing'

const zero = { kind: 'constant', value: 0 } as const
const specs: TensorSpec[] = [
  { name: 'w', shape: [3, 2], init: zero, prunable: true, decay: true },
  { name: 'table', shape: [2, 3], init: zero, prunable: false, decay: false },
  { name: 'bias', shape: [2], init: zero, prunable: false, decay: false },
]
const layout = placeTensors(specs)
const tensors = [
  // Columns of w: 127, 0 (pruned), -1.2 with a step of 127 / 127 = 1; and -25.4, 0 (pruned), 0.25 with a step of 0.2.
  {
    name: 'w',
    shape: [3, 2],
    values: Float32Array.of(127, -25.4, 0, 0, -1.2, 0.25),
    mask: Uint8Array.of(1, 1, 0, 0, 1, 1),
  },
  // Rows of the table: 254, 1, 3 with a step of 2 (0.5 and 1.5 go to the even codes 0 and 2); zeros have a scale of 0.
  { name: 'table', shape: [2, 3], values: Float32Array.of(254, 1, 3, 0, 0, 0) },
  { name: 'bias', shape: [2], values: Float32Array.of(0.3, -0.7) },
]

describe('int8Tensor', () => {
  it('gives an output of a linear layer its own scale', () => {
    const { codes, scales, scaleShape } = int8Tensor(tensors[0]!, specs[0]!)!
    expect([...codes]).toEqual([127, -127, 0, 0, -1, 1])
    expect([...scales]).toEqual([1, Math.fround(Math.fround(25.4) / 127)])
    expect(scaleShape).toEqual([1, 2])
  })

  it('gives a row of a table its own, and leaves vectors alone', () => {
    const { codes, scales, scaleShape } = int8Tensor(tensors[1]!, specs[1]!)!
    expect([[...codes], [...scales], scaleShape]).toEqual([
      [127, 0, 2, 0, 0, 0],
      [2, 0],
      [2, 1],
    ])
    expect(int8Tensor(tensors[2]!, specs[2]!)).toBeNull()
  })

  it('says the same as asInt8, code times scale', () => {
    const arena = new Float32Array(layout.length)
    layout.tensors.forEach(({ offset, name }) => arena.set(tensors.find((t) => t.name === name)!.values, offset))
    const rounded = asInt8(arena, layout)
    const read = (name: string) => {
      const { offset, size } = layout.tensors.find((t) => t.name === name)!
      return [...rounded.subarray(offset, offset + size)]
    }
    const { codes, scales } = int8Tensor(tensors[0]!, specs[0]!)!
    expect(read('w')).toEqual([...codes].map((code, i) => Math.fround(code * scales[i % 2]!)))
    expect(read('table')).toEqual([254, 0, 4, 0, 0, 0])
    expect(read('bias')).toEqual([...Float32Array.of(0.3, -0.7)])
  })
})

interface Header {
  readonly [name: string]: {
    readonly dtype: string
    readonly shape: readonly number[]
    readonly data_offsets: readonly [number, number]
  }
}

/** A reader written from the format's description alone. */
function read(file: Uint8Array) {
  const length = Number(new DataView(file.buffer).getBigUint64(0, true))
  const { __metadata__: metadata, ...header } = JSON.parse(
    new TextDecoder().decode(file.subarray(8, 8 + length)),
  ) as Header
  const data = file.subarray(8 + length)
  const tensors = Object.entries(header).map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [begin, end],
      },
    ]) => {
      const { buffer } = data.slice(begin, end)
      return [
        name,
        {
          dtype,
          shape,
          values: [
            ...(dtype === 'F32'
              ? new Float32Array(buffer)
              : dtype === 'I8'
                ? new Int8Array(buffer)
                : new Uint8Array(buffer)),
          ],
        },
      ] as const
    },
  )
  return { metadata, header, length, dataLength: data.length, tensors: Object.fromEntries(tensors) }
}

describe('weightsFile', () => {
  const experiment = experimentOf(smallMlp)
  const of = { layout, pruning: pruningFor(experiment) }

  it('f32: every tensor with its mask, and the link that trained it', () => {
    const file = read(weightsFile('f32', experiment, of, tensors)!)
    expect(file.metadata).toMatchObject({ link: expect.stringContaining('model=mlp') as unknown })
    expect(file.tensors).toEqual({
      w: { dtype: 'F32', shape: [3, 2], values: [...tensors[0]!.values] },
      'w.mask': { dtype: 'U8', shape: [3, 2], values: [1, 1, 0, 0, 1, 1] },
      table: { dtype: 'F32', shape: [2, 3], values: [254, 1, 3, 0, 0, 0] },
      bias: { dtype: 'F32', shape: [2], values: [...Float32Array.of(0.3, -0.7)] },
    })
  })

  it('int8: codes, scales that broadcast beside them, and what stays in 32 bits', () => {
    const file = read(weightsFile('int8', experiment, of, tensors)!)
    expect(file.tensors).toEqual({
      w: { dtype: 'I8', shape: [3, 2], values: [127, -127, 0, 0, -1, 1] },
      'w.scale': { dtype: 'F32', shape: [1, 2], values: [1, Math.fround(Math.fround(25.4) / 127)] },
      table: { dtype: 'I8', shape: [2, 3], values: [127, 0, 2, 0, 0, 0] },
      'table.scale': { dtype: 'F32', shape: [2, 1], values: [2, 0] },
      bias: { dtype: 'F32', shape: [2], values: [...Float32Array.of(0.3, -0.7)] },
    })
    expect(file.metadata).toMatchObject({ quantization: expect.stringContaining('w = name * name.scale') as unknown })
  })

  it('has no holes, and starts data on a multiple of 8 and floats on a multiple of 4', () => {
    const file = read(weightsFile('f32', experiment, of, tensors)!)
    const ranges = Object.values(file.header)
      .map((t) => t.data_offsets)
      .sort((a, b) => a[0] - b[0])
    // Floats of 24, 24 and 8 bytes, then a mask of 6.
    expect(ranges).toEqual([
      [0, 24],
      [24, 48],
      [48, 56],
      [56, 62],
    ])
    expect([file.length % 8, file.dataLength]).toEqual([0, 62])
  })
})

it('deflates arrays as one stream', async () => {
  const zeros = new Float32Array(10_000)
  const [once, twice] = [(await deflated([zeros])).length, (await deflated([zeros, zeros])).length]
  expect(once).toBeLessThan(100)
  // A second header and checksum would add 6 bytes, a second stream at least 20.
  expect(twice).toBeLessThan(2 * once)
  expect(await deflated([])).toHaveLength(8)
})
