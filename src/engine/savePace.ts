/** Of the time, saving takes at most this share. */
const mostOfTime = 0.02
/** Intervals that a pause lasts at most: a save may have waited for a disk, or for a machine that slept. */
const longest = 10

/** When a run is saved: at even intervals, or with longer pauses where saving takes long. */
export class SavePace {
  private next: number
  private begun = 0

  /** @param now milliseconds of a clock @param interval milliseconds from one save to the next, at least */
  constructor(
    private readonly now: () => number,
    private readonly interval: number,
  ) {
    this.next = now() + interval
  }

  /** Whether it is time; never while a save is under way. */
  get due(): boolean {
    return this.now() >= this.next
  }

  begin(): void {
    this.begun = this.now()
    this.next = Infinity
  }

  end(): void {
    const now = this.now()
    const pause = Math.min(longest * this.interval, (now - this.begun) / mostOfTime)
    this.next = now + Math.max(this.interval, pause)
  }
}
