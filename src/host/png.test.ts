import { encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import golden from './golden/png.json'
import { decodePng } from './png'

describe("libpng's pixels (golden/png.py)", () => {
  it.each(golden)('$name', ({ file, rgb }) => {
    expect(decodePng(Uint8Array.from(Buffer.from(file, 'base64')))?.rgb).toEqual(
      Uint8Array.from(Buffer.from(rgb, 'base64')),
    )
  })
})

describe('PNG to RGB', () => {
  it('keeps 8-bit RGB as it is', () => {
    const data = Uint8Array.of(1, 2, 3, 250, 251, 252)
    expect(decodePng(encode({ width: 2, height: 1, data, channels: 3, depth: 8 }))).toEqual({
      width: 2,
      height: 1,
      rgb: data,
    })
  })

  it('spreads grey over three channels', () => {
    expect(decodePng(encode({ width: 1, height: 2, data: Uint8Array.of(7, 8), channels: 1, depth: 8 }))?.rgb).toEqual(
      Uint8Array.of(7, 7, 7, 8, 8, 8),
    )
  })

  it('lays alpha over white: 0 at 51 of 255 is 255 (1 - 0.2) = 204', () => {
    const data = Uint8Array.of(0, 100, 200, 255, 0, 0, 0, 51)
    expect(decodePng(encode({ width: 2, height: 1, data, channels: 4, depth: 8 }))?.rgb).toEqual(
      Uint8Array.of(0, 100, 200, 204, 204, 204),
    )
  })

  it('cuts 16 bits to the upper 8', () => {
    const data = Uint16Array.of(0x1234, 0xabcd, 0xff00)
    expect(decodePng(encode({ width: 1, height: 1, data, channels: 3, depth: 16 }))?.rgb).toEqual(
      Uint8Array.of(0x12, 0xab, 0xff),
    )
  })

  it('is null for what is no PNG', () => {
    expect(decodePng(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).toBeNull()
  })

  it('is a Problem when cut off', () => {
    const whole = encode({
      width: 20,
      height: 20,
      data: new Uint8Array(1200).map((_, i) => (i * 7919) % 256),
      channels: 3,
      depth: 8,
    })
    expect(() => decodePng(whole.subarray(0, 100))).toThrow('A PNG of 100 bytes is damaged')
  })

  it('is a Problem when its pixels were changed', () => {
    const changed = encode({ width: 20, height: 20, data: new Uint8Array(1200), channels: 3, depth: 8 })
    changed[changed.length - 20]! ^= 1
    expect(() => decodePng(changed)).toThrow('IDAT has a wrong checksum')
  })

  it('is a Problem when it claims to be huge, before any memory is taken', () => {
    const huge = encode({ width: 1, height: 1, data: Uint8Array.of(1, 2, 3), channels: 3, depth: 8 })
    new DataView(huge.buffer, huge.byteOffset).setUint32(16, 60_000)
    new DataView(huge.buffer, huge.byteOffset).setUint32(20, 60_000)
    expect(() => decodePng(huge)).toThrow('60000 x 60000 pixels')
  })
})
