import type { GroupGranularity, Granularity } from '../core/granularity'
import { choice, integer } from '../core/knob'

/** Where the kept weights of a matrix may lie: anywhere, or N of every M consecutive inputs of an output. */

const isRatio = { knob: 'pattern', is: 'nm' } as const
/** For knobs that matter only where the kept weights may lie anywhere. */
export const anywhere = { when: { knob: 'pattern', is: 'any' } } as const

export const ratioKnobs = {
  n: integer('N', 2, [1, 31], { unit: 'kept', help: 'How many weights every group keeps. M or more prunes nothing.' }),
  m: integer('M', 4, [2, 32], { unit: 'inputs', help: 'How many neighbouring inputs make a group.' }),
}

/** The same as a choice beside a sparsity. */
export const patternKnobs = {
  pattern: choice(
    'Pattern',
    'any',
    { any: 'Any', nm: 'N:M' },
    {
      help:
        'Any weights, up to a sparsity. Or N of every M neighbouring inputs of an output, which makes the sparsity 1 - '
        + 'N/M.',
    },
  ),
  n: { ...ratioKnobs.n, when: isRatio },
  m: { ...ratioKnobs.m, when: isRatio },
}

interface Ratio {
  readonly n: number
  readonly m: number
}

interface Pattern extends Ratio {
  readonly pattern: 'any' | 'nm'
}

export function ratioOf({ n, m }: Ratio): GroupGranularity {
  return { kind: 'n:m', keep: Math.min(n, m), of: m }
}

/** Share of the weights that N:M cuts, 0 where N is M or more. */
export function ratioSparsity({ n, m }: Ratio): number {
  return 1 - Math.min(n, m) / m
}

export function patternOf(v: Pattern): Granularity {
  return v.pattern === 'nm' ? ratioOf(v) : { kind: 'weight' }
}

export function patternSparsity(v: Pattern & { readonly sparsity: number }): number {
  return v.pattern === 'nm' ? ratioSparsity(v) : v.sparsity
}
