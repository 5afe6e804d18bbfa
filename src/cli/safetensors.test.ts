import { describe, expect, it } from 'vitest'
import { toSafetensors } from './safetensors'

interface Header {
  readonly [name: string]: { readonly dtype: string; readonly shape: readonly number[]; readonly data_offsets: readonly [number, number] }
}

/** A reader written from the format's description alone. */
function read(file: Uint8Array) {
  const length = Number(new DataView(file.buffer).getBigUint64(0, true))
  const { __metadata__: metadata, ...header } = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Header
  const data = file.subarray(8 + length)
  const tensors = Object.entries(header).map(([name, { dtype, shape, data_offsets: [begin, end] }]) => {
    const bytes = data.slice(begin, end)
    return [name, { dtype, shape, values: [...(dtype === 'F32' ? new Float32Array(bytes.buffer) : bytes)] }] as const
  })
  return { metadata, header, length, dataLength: data.length, tensors: Object.fromEntries(tensors) }
}

describe('toSafetensors', () => {
  const tensors = [
    { name: 'block0/w', shape: [2, 3], values: Float32Array.of(1, -2, 0, 0.5, 1e-30, 3), mask: Uint8Array.of(1, 1, 0, 1, 1, 1) },
    { name: 'bias', shape: [1], values: new Float32Array([9, 7, 9]).subarray(1, 2) },
  ]
  const file = read(toSafetensors(tensors, { link: '#/v1?seed=2', name: 'ö' }))

  it('gives back every tensor, mask and word of metadata', () => {
    expect(file.metadata).toEqual({ link: '#/v1?seed=2', name: 'ö' })
    expect(file.tensors).toEqual({
      'block0/w': { dtype: 'F32', shape: [2, 3], values: [...Float32Array.of(1, -2, 0, 0.5, 1e-30, 3)] },
      'block0/w.mask': { dtype: 'U8', shape: [2, 3], values: [1, 1, 0, 1, 1, 1] },
      'bias': { dtype: 'F32', shape: [1], values: [7] },
    })
  })

  it('has no holes, and starts data on a multiple of 8 and floats on a multiple of 4', () => {
    const ranges = Object.values(file.header).map((t) => t.data_offsets).sort((a, b) => a[0] - b[0])
    // Two F32 tensors of 24 and 4 bytes, then one mask of 6.
    expect(ranges).toEqual([[0, 24], [24, 28], [28, 34]])
    expect([file.length % 8, file.dataLength]).toEqual([0, 34])
  })
})
