import { rankedNumbers } from '../../../shaders/formula/view'
import { byRates } from '../../../shaders/train/rates'
import { stepStruct, type StepScalars } from '../../../shaders/train/step'
import { tileSize } from '../../../shaders/parts/tiles'
import type { Threads } from '../../core/host'
import type { Layout } from '../../core/layout'
import { OwnMemory } from '../../wasm/ownMemory'
import { placedBytes } from './cpuArena'
import { plainTwins, type Twins } from './twins'

/**
 * Bytes of a selection's scratch memory and of a step's scalars, and more than what lies between arrays. Too few would
 * be a RangeError when the last array is made.
 */
const spare = 4 * 65536 + stepStruct.bytes + 1024

/** Formulas that have a kernel, in the order of `Formula` in src/wasm/assembly/score.ts: most methods rank by these. */
const scoreFormulas: readonly string[] = ['x.importance', 'abs(x.w)', 'abs(x.w * x.g)']

/** The twins over an arena in a linear memory of its own; what is rare stays in JavaScript. */
export class WasmTwins implements Twins {
  /** Where the arena lies. */
  readonly memory: OwnMemory
  private readonly step: Uint32Array
  private readonly tiles: Uint32Array
  /** As many groups as tiles, at most. */
  private readonly kept: Uint32Array
  private readonly thresholds: Uint32Array
  private readonly histogram: Uint32Array

  /**
   * @param more bytes of memory for others @param threads that share the work; one alone if left out
   */
  constructor(layout: Layout, more = 0, threads?: Threads) {
    const tiles = layout.prunableLength / tileSize
    this.memory = new OwnMemory(placedBytes(layout) + 16 * tiles + spare + more, threads)
    this.step = this.memory.words(stepStruct.bytes / 4)
    this.tiles = this.memory.words(tiles)
    this.kept = this.memory.words(tiles)
    this.thresholds = this.memory.words(2 * tiles)
    this.histogram = this.memory.words(this.memory.kernels.selectScratch / 4)
  }

  readonly adamw: Twins['adamw'] = (b, all, control, ranges) => {
    if (all.gatesFrom < all.length) {
      plainTwins.adamw(b, all, control, ranges)
      return
    }
    if (control.halted !== 0) return
    byRates(all, ranges, (step, first, last) =>
      this.memory.kernels.adamw(
        ...this.pointers(b.weights, b.grads, b.moment1, b.moment2, b.mask, b.noiseMean, b.noiseSquare, b.importance),
        this.written(step),
        control.clipFactor,
        first,
        last,
      ),
    )
  }

  readonly witness: Twins['witness'] = (b, step, control) => {
    if (control.halted !== 0 || control.norm === 0) return
    this.memory.kernels.witness(
      ...this.pointers(b.weights, b.grads, b.mask, b.noiseMean, b.noiseSquare, b.steady, b.peak, b.sensed),
      this.written(step),
      control.norm,
      0,
      step.prunableLength,
    )
  }

  readonly norm: Twins['norm'] = (grads, loss, step, control, metrics) =>
    plainTwins.norm(
      grads,
      loss,
      step,
      control,
      metrics,
      this.memory.kernels.squareSum(...this.pointers(grads), grads.length),
    )

  /** An exchange ranks by a set of weights that lies elsewhere. */
  readonly score: Twins['score'] = (b, formula, knobs, settings, ...rest) => {
    const kernel = scoreFormulas.indexOf(formula.wgsl)
    const lie = [b.weights, b.grads, b.importance, b.mask, b.scores].every(({ buffer }) => buffer === this.step.buffer)
    if (kernel < 0 || !lie) {
      plainTwins.score(b, formula, knobs, settings, ...rest)
      return
    }
    const { ranked, length } = settings
    const [weights, grads, importance, mask, scores] = this.pointers(b.weights, b.grads, b.importance, b.mask, b.scores)
    this.memory.kernels.score(kernel, weights, grads, importance, mask, rankedNumbers[ranked], scores, length)
  }

  /** @param scores an array of the arena */
  readonly select: Twins['select'] = (scores, tables) => {
    this.tiles.set(tables.tiles)
    this.kept.set(tables.kept)
    this.memory.kernels.select(
      ...this.pointers(scores, this.tiles),
      this.tiles.length,
      this.kept.byteOffset,
      tables.kept.length,
      ...this.pointers(this.thresholds, this.histogram),
    )
    return this.thresholds.slice(0, 2 * tables.kept.length)
  }

  readonly mask: Twins['mask'] = (b, control, kind) => {
    if (control.halted !== 0) return
    const { kernels } = this.memory
    this.tiles.set(b.tiles)
    this.thresholds.set(b.thresholds)
    const [scores, tiles, thresholds, mask] = this.pointers(b.scores, this.tiles, this.thresholds, b.mask)
    kernels.member(scores, tiles, this.tiles.length, thresholds, mask)
    if (kind === 'latent') return
    const cleared = [b.weights, b.importance, ...(kind === 'free' ? [] : [b.moment1, b.moment2])]
    for (const array of cleared) kernels.clearPruned(...this.pointers(array), mask, tiles, this.tiles.length)
  }

  private written(step: StepScalars): number {
    this.step.set(new Uint32Array(stepStruct.write(step)))
    return this.step.byteOffset
  }

  /** @throws TypeError for an array in another memory, of which the kernels would read and write something else */
  private pointers<Arrays extends readonly ArrayBufferView[]>(...arrays: Arrays): { [Place in keyof Arrays]: number } {
    if (arrays.some(({ buffer }) => buffer !== this.step.buffer))
      throw new TypeError('Kernels were given an array that lies outside of their memory.')
    return arrays.map(({ byteOffset }) => byteOffset) as { [Place in keyof Arrays]: number }
  }
}
