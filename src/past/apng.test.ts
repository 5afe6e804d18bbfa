import { decodeApng } from 'fast-png'
import { expect, it } from 'vitest'
import { apng, packedRows } from './apng'

it('writes pictures that a reader of PNG finds pixel by pixel', async () => {
  const [width, height] = [7, 3]
  const palette = Array.from({ length: 256 }, (_, i) => [i, 255 - i, (i * 7) % 256] as const)
  const pictures = [0, 100, 235].map((from) => Uint8Array.from({ length: width * height }, (_, i) => from + i))
  const frames = await Promise.all(
    pictures.map(async (pixels, i) => ({ packed: await packedRows(pixels, width), milliseconds: 100 * (i + 1) })),
  )
  const bytes = await apng({ width, height, palette, frames }).arrayBuffer()
  // The reader checks every checksum.
  const read = decodeApng(new Uint8Array(bytes), { checkCrc: true })
  expect(read).toMatchObject({ width, height, numberOfPlays: 0 })
  expect(read.frames.map(({ delayNumber, delayDenominator }) => delayNumber / delayDenominator)).toEqual([
    0.1, 0.2, 0.3,
  ])
  expect(read.frames.map(({ data }) => Uint8Array.from(data))).toEqual(pictures)
  expect(read.palette).toEqual(palette)
})
