/**
 * A picture as bytes [height, width, 3] of the size that a model reads: the largest middle part of that shape, scaled,
 * over white. @throws DOMException where the browser cannot decode it
 */
export async function fittedRgb(source: ImageBitmapSource, width: number, height: number): Promise<Uint8Array> {
  const bitmap = await createImageBitmap(source)
  try {
    const context = new OffscreenCanvas(width, height).getContext('2d')
    if (!context) throw new Error('this browser gives no canvas')
    const scale = Math.max(width / bitmap.width, height / bitmap.height)
    const [across, down] = [bitmap.width * scale, bitmap.height * scale]
    context.fillStyle = 'white'
    context.fillRect(0, 0, width, height)
    context.imageSmoothingQuality = 'high'
    context.drawImage(bitmap, (width - across) / 2, (height - down) / 2, across, down)
    return new Uint8Array(context.getImageData(0, 0, width, height).data.filter((_, i) => i % 4 !== 3))
  } finally {
    bitmap.close()
  }
}
