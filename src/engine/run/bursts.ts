import type { Stateful } from '../executor/stateful'
import type { Drained } from '../executor/executor'

/**
 * The numbers of one burst, when the device was done with it, and how long it worked on it; in milliseconds of `now`.
 */
interface Landed {
  readonly drained: Drained
  readonly at: number
  readonly took: number
}

/**
 * Bursts of steps that were submitted and not yet read, oldest first. The next burst is submitted while the device
 * works on the one before, so that it never waits for JavaScript. Their time is counted once where they overlap, and
 * time that the device spends on something else (an evaluation, a look at the weights) is not theirs.
 */
export class Bursts implements Stateful<number> {
  /** Milliseconds that the device has worked on the steps read so far. */
  milliseconds = 0
  private readonly waiting: Promise<Landed>[] = []
  private busyUntil = -Infinity

  /** @param now milliseconds of a clock */
  constructor(readonly now: () => number) {}

  /** Bursts under way. */
  get count(): number {
    return this.waiting.length
  }

  /** Adds a burst whose steps were prepared from `begun` on. */
  add(begun: number, drained: Promise<Drained>): void {
    const landed = drained.then((value): Landed => {
      const at = this.now()
      const took = Math.max(0, at - Math.max(begun, this.busyUntil))
      this.busyUntil = at
      return { drained: value, at, took }
    })
    // A burst may be given up before anybody waits for it.
    landed.catch(() => undefined)
    this.waiting.push(landed)
  }

  /** Waits for the oldest burst; when it fails, all are given up. */
  async next(): Promise<Drained> {
    const burst = this.waiting[0]
    if (!burst) return { steps: [], haltedAt: null }
    try {
      const { drained, took } = await burst
      this.milliseconds += took
      if (this.waiting[0] === burst) void this.waiting.shift()
      return drained
    } catch (error) {
      this.giveUp()
      throw error
    }
  }

  /**
   * Reads something else of the device once the steps under way are done.
   * @returns milliseconds that the device was kept from steps; 0 where the read did not wait for it
   */
  async aside(read: () => Promise<unknown>): Promise<number> {
    const begun = this.now()
    const ahead = this.waiting.at(-1)
    let free = ahead ? Infinity : begun
    void ahead
      ?.then(({ at }) => {
        free = Math.max(begun, at)
      })
      .catch(() => undefined)
    await read()
    const now = this.now()
    if (free > now) return 0
    this.busyUntil = now
    return now - free
  }

  save(): number {
    return this.milliseconds
  }

  load(milliseconds: number): void {
    this.giveUp()
    this.milliseconds = milliseconds
  }

  giveUp(): void {
    this.waiting.length = 0
  }
}

/** Milliseconds of a burst: two may be under way when a pause is asked for, and a tenth of a second is soon enough. */
export const burstMs = 50

/** Steps between reads of the device: about a twentieth of a second's work. @param msPerStep 0 where it is not known */
export function burst(msPerStep: number): number {
  return msPerStep > 0 ? Math.max(1, Math.min(64, Math.round(burstMs / msPerStep))) : 1
}
