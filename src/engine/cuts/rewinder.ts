import type { Layout } from '../../core/layout'
import type { Rounds } from '../../core/plan'
import { freshSince, localStep, rateStep, remembersWeights, timetable, type Timetable } from '../../core/rounds'
import type { Stateful } from '../executor/stateful'
import type { Executor } from '../executor/executor'
import { redrawnWeights, shuffledMask } from './tickets'

/**
 * Takes a run with rounds back to where its next training begins (docs/algorithms.md 2.9); does nothing in other runs.
 */
export class Rewinder implements Stateful<Float32Array<ArrayBuffer> | null> {
  private readonly table: Timetable
  private remembered: Float32Array<ArrayBuffer> | null = null

  constructor(
    private readonly executor: Executor,
    private readonly layout: Layout,
    steps: number,
    private readonly seed: number,
    private readonly rounds?: Rounds,
  ) {
    this.table = timetable(steps, rounds)
  }

  /** Steps of the run before which `enter` has something to do. */
  get stops(): number[] {
    const later = this.table.stages.slice(1)
    return later.length === 0 ? [] : [...new Set([later[0]?.from ?? 0, ...later.map(({ begin }) => begin)])]
  }

  /** Which step of its training a step of the run is; the order of data follows it. */
  local(step: number): number {
    return localStep(this.table, step)
  }

  /** The step of a training whose learning rate a step of the run has. */
  rated(step: number): number {
    return rateStep(this.table, step)
  }

  /** Steps of a whole training. */
  get length(): number {
    return this.table.length
  }

  /** Optimizer steps since the moments were last zeroed. */
  momentAge(step: number): number {
    return step - freshSince(this.table, step)
  }

  /** Called before a step of the run, while no step is under way: remembers the state to go back to, or goes back. */
  async enter(step: number): Promise<void> {
    const [first, ...later] = this.table.stages
    if (this.rounds && remembersWeights(this.rounds) && first && later[0]?.from === step)
      this.remembered = Float32Array.from(await this.executor.weights())
    if (later.some(({ begin }) => begin === step)) await this.rewind(later.at(-1)?.begin === step)
  }

  save(): Float32Array<ArrayBuffer> | null {
    return this.remembered
  }

  load(remembered: Float32Array<ArrayBuffer> | null): void {
    this.remembered = remembered
  }

  private async rewind(last: boolean): Promise<void> {
    const { rewind, shuffle } = this.rounds as Rounds
    if (rewind === 'fineTune') return
    const found = Uint32Array.from(await this.executor.mask())
    const mask = shuffle && last ? shuffledMask(found, this.layout, this.seed) : found
    // A ticket is found on its own weights; other weights under its mask are the control (docs/algorithms.md 2.9).
    const weights =
      rewind === 'reinitialise' && last
        ? redrawnWeights(this.layout, this.seed)
        : (this.remembered ?? Float32Array.from(await this.executor.weights()))
    await this.executor.setWeights({ weights, mask, moments: 'zeroed' })
  }
}
