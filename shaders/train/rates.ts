import type { StepScalars } from './step'

/** Parameters that follow each other in the arena and move at the same share of the learning rate. */
export interface RateRange {
  /** Where they end, in floats of the arena: a multiple of 4. They begin where the range before ends. */
  readonly end: number
  readonly share: number
}

/**
 * WGSL of `shareOf`, the share of the learning rate at which floats 4 i to 4 i + 3 move. It is text and not a buffer,
 * because the update binds all buffers that WebGPU promises.
 */
export function sharesText(ranges: readonly RateRange[]): string {
  const shares = ranges.map(({ end, share }) => `  if (i < ${end / 4}u) { return f32(${share}); }\n`)
  return `fn shareOf(i: u32) -> f32 {\n${shares.join('')}  return 1.0;\n}\n`
}

/**
 * Runs the update range by range. @param each gets the step's numbers as they are for these floats of the
 * arena
 */
export function byRates(
  step: StepScalars,
  ranges: readonly RateRange[] = [],
  each: (step: StepScalars, first: number, last: number) => void,
): void {
  let first = 0
  for (const { end, share } of ranges) {
    const last = Math.min(end, step.length)
    if (first < last) each({ ...step, ...paced(step, share) }, first, last)
    first = end
  }
  if (first < step.length) each(step, first, step.length)
}

/** Decay takes part: it is decoupled from the gradient, not from the rate. */
function paced({ weightPace, decayFactor }: StepScalars, share: number): Partial<StepScalars> {
  return { weightPace: weightPace * share, decayFactor: 1 - (1 - decayFactor) * share }
}
