import type { WeightSample } from '../executor/executor'

/** The coefficient of variation of |g| from its first two moments; null where no gradient was gathered. */
export function noiseOf({ noiseMean, noiseSquare }: Pick<WeightSample, 'noiseMean' | 'noiseSquare'>): number | null {
  return noiseMean > 0 ? Math.sqrt(Math.max(0, noiseSquare - noiseMean ** 2)) / noiseMean : null
}
