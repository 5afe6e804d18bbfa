import { messageOf, Problem } from '../core/problem'
import { decodePng, refuseLarge, type Picture } from './png'

/** A picture in a browser: PNG by our own decoder, which is exact, all else by the browser's. @throws Problem */
export async function browserPicture(bytes: Uint8Array): Promise<Picture> {
  return decodePng(bytes) ?? (await decodeByBrowser(bytes))
}

async function decodeByBrowser(bytes: Uint8Array): Promise<Picture> {
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)])).catch((error: unknown) => {
    throw new Problem(
      `A picture of ${bytes.length} bytes cannot be decoded by this browser (${messageOf(error)}).`,
      'Convert it to PNG or JPEG, or leave it out.',
      { cause: error },
    )
  })
  const { width, height } = bitmap
  try {
    refuseLarge(width, height)
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
    if (!context)
      throw new Problem(`This browser gives no canvas of ${width} x ${height} pixels.`, 'Convert the pictures to PNG.')
    context.fillStyle = 'white'
    context.fillRect(0, 0, width, height)
    context.drawImage(bitmap, 0, 0)
    return { width, height, rgb: withoutAlpha(context.getImageData(0, 0, width, height).data) }
  } finally {
    bitmap.close()
  }
}

function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3)
  for (let i = 0, o = 0; i < rgba.length; i += 4) {
    for (let c = 0; c < 3; c++) rgb[o++] = rgba[i + c] as number
  }
  return rgb
}
