/**
 * Counter-based random numbers: value = hash(seed, stream, counter). There is no state, so evaluation or a second
 * reader never changes what training draws. The same three numbers give the same bits in WGSL
 * (`shaders/parts/random.wgsl`) and here. The hash is PCG-3D of Jarzynski & Olano, "Hash Functions for GPU Rendering",
 * JCGT 9(3), 2020.
 */

/** One stream a purpose; the number is part of every saved experiment, so entries are never renumbered. */
export const streams = {
  init: 1,
  order: 2,
  augmentation: 3,
  dropout: 4,
  method: 5,
  data: 6,
  attack: 7,
  checks: 8,
  knockoffs: 9,
  hidden: 10,
} as const
export type Stream = keyof typeof streams

/** 32 random bits as an unsigned integer. All arguments are taken modulo 2^32. */
export function randomBits(seed: number, stream: number, counter: number): number {
  let x = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  let y = (Math.imul(stream, 1664525) + 1013904223) >>> 0
  let z = (Math.imul(counter, 1664525) + 1013904223) >>> 0
  x = (x + Math.imul(y, z)) >>> 0
  y = (y + Math.imul(z, x)) >>> 0
  z = (z + Math.imul(x, y)) >>> 0
  x = (x ^ (x >>> 16)) >>> 0
  y = (y ^ (y >>> 16)) >>> 0
  z = (z ^ (z >>> 16)) >>> 0
  x = (x + Math.imul(y, z)) >>> 0
  y = (y + Math.imul(z, x)) >>> 0
  z = (z + Math.imul(x, y)) >>> 0
  return z
}

/** Uniform in [0, 1) with 24 bits, so that it is the same float32 on every device. */
export function uniform(seed: number, stream: number, counter: number): number {
  return (randomBits(seed, stream, counter) >>> 8) / 16777216
}

/** Reads one stream in order. `next()` is uniform in [0, 1). */
export class RandomStream {
  private counter = 0

  constructor(
    private readonly seed: number,
    private readonly stream: number,
  ) {}

  next(): number {
    return uniform(this.seed, this.stream, this.counter++)
  }

  /** Whole number in [0, n). */
  below(n: number): number {
    return Math.floor(this.next() * n)
  }

  /** Standard normal (Box-Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    return radius * Math.cos(2 * Math.PI * this.next())
  }

  /** A random order of 0..n-1 (Fisher-Yates). */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i)
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1)
      const kept = order[i] as number
      order[i] = order[j] as number
      order[j] = kept
    }
    return order
  }
}

/** The stream of a purpose; `lane` separates independent uses of one purpose (a tensor, an epoch). */
export function randomStream(seed: number, purpose: Stream, lane = 0): RandomStream {
  return new RandomStream(seed, (streams[purpose] | (lane << 8)) >>> 0)
}
