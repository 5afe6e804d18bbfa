/**
 * Bilinear scaling of images, as PyTorch's `interpolate(mode='bilinear', align_corners=False)` does it: corners of an
 * image are corners of its outer pixels, and nothing is smoothed where it becomes smaller.
 */

/** Along one axis: row t holds what each of `from` numbers gives to number t of `to`. [to, from] */
export function bilinear(from: number, to: number): Float32Array<ArrayBuffer> {
  const shares = new Float32Array(to * from)
  for (let t = 0; t < to; t++) {
    const at = Math.max(0, ((t + 0.5) * from) / to - 0.5)
    const low = Math.floor(at)
    const high = Math.min(low + 1, from - 1)
    shares[t * from + low] = 1 - (at - low)
    shares[t * from + high] = (shares[t * from + high] ?? 0) + (at - low)
  }
  return shares
}

/** Images [count, height, width, channels] scaled to [count, side, side, channels]. */
export function scaledImages(
  images: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  side: number,
): Float32Array<ArrayBuffer> {
  const [down, across] = [bilinear(height, side), bilinear(width, side)]
  const count = images.length / (height * width * channels)
  const taller = along(images, { before: count, from: height, after: width * channels }, down)
  return along(taller, { before: count * side, from: width, after: channels }, across)
}

/** Mixes numbers [before, from, after] along their middle axis. @param shares [to, from] */
function along(
  numbers: Float32Array,
  { before, from, after }: { readonly before: number; readonly from: number; readonly after: number },
  shares: Float32Array,
): Float32Array<ArrayBuffer> {
  const to = shares.length / from
  const mixed = new Float32Array(before * to * after)
  for (let i = 0; i < before * to; i++) {
    const [block, t] = [Math.floor(i / to), i % to]
    for (let f = 0; f < from; f++) {
      const share = shares[t * from + f] as number
      if (share === 0) continue
      const source = (block * from + f) * after
      for (let k = 0; k < after; k++)
        mixed[i * after + k] = (mixed[i * after + k] as number) + share * (numbers[source + k] as number)
    }
  }
  return mixed
}
