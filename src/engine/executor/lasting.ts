import { Problem } from '../../core/problem'
import type { Pruning } from '../../core/pruning'
import type { ExecutorState, LastingArray } from './executorState'
import { extrasOf } from './extras'

/** What carries every run from one step to the next; each step makes the rest of the arena anew. */
const common = [
  'weights',
  'moment1',
  'moment2',
  'noiseMean',
  'noiseSquare',
  'importance',
  'steady',
  'peak',
  'sensed',
  'mask',
] as const

/** Names of the arena's arrays that outlive a step. What the layout and the initial weights give is not among them. */
export function lastingOf(pruning: Pruning) {
  return [...common, ...extrasOf(pruning).filter((name) => name !== 'initial' && name !== 'fanIn')]
}

/** Bytes of such an array, in its type. */
export function lastingArray(name: string, bytes: ArrayBuffer): LastingArray {
  return name === 'mask' || name === 'visited' ? new Uint32Array(bytes) : new Float32Array(bytes)
}

/** The saved array of this name. @throws Problem where it is missing, or of a model of another size */
export function savedArray({ arrays }: ExecutorState, name: string, bytes: number): LastingArray {
  const found = arrays[name]
  if (found?.byteLength === bytes) return found
  throw new Problem(
    `The checkpoint has ${found?.byteLength ?? 0} bytes of "${name}", and this model ${bytes}.`,
    'It comes from another version of the program: begin the run again.',
  )
}
