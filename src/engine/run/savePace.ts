/** Of the time, saving takes at most this share. */
const mostOfTime = 0.02
/** Intervals that a pause lasts at most: a save may have waited for a disk, or for a machine that slept. */
const longest = 10

/** From one save to the next, unless it is said otherwise. */
export const usualSaveSeconds = 30

/** How soon the page saves a run first: many runs are short, and a reload loses what is not saved. */
export const firstSaveSeconds = 3

/** When a run is saved: at even intervals, or with longer pauses where saving takes long. */
export class SavePace {
  private next: number
  private cheap = -Infinity
  private begun = 0

  /**
   * @param now milliseconds of a clock @param interval milliseconds from one save to the next, at least
   * @param first milliseconds from now to the first save, where that is sooner
   */
  constructor(
    private readonly now: () => number,
    private readonly interval: number,
    first = interval,
  ) {
    this.next = now() + Math.min(first, interval)
  }

  /** Whether it is time; never while a save is under way. */
  get due(): boolean {
    return this.now() >= this.next
  }

  /** Whether saving keeps to its share of the time, be it time or not. */
  get affordable(): boolean {
    return this.now() >= this.cheap
  }

  begin(): void {
    this.begun = this.now()
    this.next = this.cheap = Infinity
  }

  end(): void {
    const now = this.now()
    this.cheap = now + Math.min(longest * this.interval, (now - this.begun) / mostOfTime)
    this.next = Math.max(this.cheap, now + this.interval)
  }
}
