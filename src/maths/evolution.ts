import { randomStream } from '../core/random'

/** A point that was tried, and how good it is. */
export interface Tried {
  readonly point: readonly number[]
  readonly reward: number
}

export interface Evolution {
  /** Points to try, the start among them. */
  readonly tries: number
  /** Every coordinate stays within these. */
  readonly range: readonly [low: number, high: number]
  readonly seed: number
}

/** Points of a generation, and how many of them the next one gathers around. */
const [children, parents] = [6, 2]
/** Deviation of the first generation, and the factor on it from one generation to the next. */
const [deviation, cooling] = [0.2, 0.75]

/**
 * Looks for the point of largest reward: an evolution strategy (Rechenberg 1973). Each generation is drawn from a
 * normal distribution around the mean of the best points of the one before, with a smaller deviation each time. The
 * start is tried first, so the result is never worse; of equal points the first counts.
 * @returns all that was tried, the best first
 */
export async function evolve(
  start: readonly number[],
  { tries, range, seed }: Evolution,
  reward: (point: readonly number[]) => Promise<number>,
): Promise<readonly Tried[]> {
  const random = randomStream(seed, 'method')
  const tried: Tried[] = [{ point: start, reward: await reward(start) }]
  let [mean, spread] = [start, deviation]
  while (tried.length < tries) {
    const generation: Tried[] = []
    for (let i = 0; i < Math.min(children, tries - tried.length); i++) {
      const point = mean.map((x) => Math.min(range[1], Math.max(range[0], x + spread * random.normal())))
      generation.push({ point, reward: await reward(point) })
    }
    tried.push(...generation)
    mean = middle(ranked(generation).slice(0, parents))
    spread *= cooling
  }
  return ranked(tried)
}

/** Best first; equal ones in the order in which they were tried. */
function ranked(tried: readonly Tried[]): Tried[] {
  return [...tried].sort((a, b) => b.reward - a.reward)
}

function middle(of: readonly Tried[]): readonly number[] {
  return (of[0]?.point ?? []).map((_, i) => of.reduce((sum, { point }) => sum + (point[i] ?? 0), 0) / of.length)
}
