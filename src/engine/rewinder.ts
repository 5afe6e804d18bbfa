import type { Layout } from '../core/layout'
import type { Rounds } from '../core/method'
import { localStep, stageAt, timetable, type Timetable } from '../core/rounds'
import type { Executor } from './executor'
import { redrawnWeights, shuffledMask } from './tickets'

/** Takes a run with rounds back to where its next training begins (docs/algorithms.md 2.9); does nothing in other runs. */
export class Rewinder {
  private readonly table: Timetable
  private remembered: Float32Array<ArrayBuffer> | null = null

  constructor(private readonly executor: Executor, private readonly layout: Layout, steps: number, private readonly seed: number, private readonly rounds?: Rounds) {
    this.table = timetable(steps, rounds)
  }

  /** Steps of the run before which `enter` has something to do. */
  get stops(): number[] {
    const later = this.table.stages.slice(1)
    return later.length === 0 ? [] : [...new Set([later[0]?.from ?? 0, ...later.map(({ begin }) => begin)])]
  }

  /** Which step of its training a step of the run is; order of data and learning rate follow it. */
  local(step: number): number {
    return localStep(this.table, step)
  }

  /** Steps of a whole training. */
  get length(): number {
    return this.table.length
  }

  /** Optimizer steps since the moments were last zeroed. */
  momentAge(step: number): number {
    return step - stageAt(this.table, step).begin
  }

  /** Before a step of the run, with no step under way: remembers the state to go back to, or goes back. */
  async enter(step: number): Promise<void> {
    const [first, ...later] = this.table.stages
    if (first && later[0]?.from === step) this.remembered = Float32Array.from(await this.executor.weights())
    if (later.some(({ begin }) => begin === step)) await this.rewind(later.at(-1)?.begin === step)
  }

  private async rewind(last: boolean): Promise<void> {
    const { rewind, shuffle } = this.rounds as Rounds
    const found = Uint32Array.from(await this.executor.mask())
    const mask = shuffle && last ? shuffledMask(found, this.layout, this.seed) : found
    if (rewind === 'weights' && this.remembered) this.executor.resume(this.remembered, mask)
    else if (rewind === 'reinitialise') this.executor.resume(redrawnWeights(this.layout, this.seed), mask)
    else this.executor.resume(Float32Array.from(await this.executor.weights()), mask)
  }
}
