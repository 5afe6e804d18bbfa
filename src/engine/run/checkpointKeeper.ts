import type { Checkpoint, PendingCheckpoint } from './checkpoint'
import type { SavePace } from './savePace'

/** What is saved: a run, or what is learnt before its task. */
export interface Saved {
  /** Waits for the steps under way. */
  settle(): Promise<void>
  /** A copy that may be read while steps go on; null where there is nothing to save. */
  copy(): Promise<PendingCheckpoint | null>
}

/** Keeps the newest checkpoint of a run in memory, for when its device is lost, and hands it on. */
export class CheckpointKeeper {
  private hurried = false
  private reading: Promise<void> = Promise.resolve()

  /**
   * @param newest from which the run goes on; null at its first step
   * @param handOn what else is done with each new one; where it fails, the run goes on
   */
  constructor(
    private readonly pace: SavePace,
    private readonly handOn: (checkpoint: Checkpoint) => Promise<void>,
    public newest: Checkpoint | null = null,
  ) {}

  /** Takes one where it is time; it is read while the run goes on. @throws Problem as `Session.advance` */
  async offer(saved: Saved): Promise<void> {
    if (this.pace.due || (this.hurried && this.pace.affordable)) await this.take(saved)
  }

  /** Does not wait for the interval with the next one: the page may be about to close. */
  hurry(): void {
    this.hurried = true
  }

  /** Waits until the last one that was taken is handed on. */
  async settle(): Promise<void> {
    await this.reading
  }

  /** Takes one now. @throws Problem as `Session.advance` */
  async take(saved: Saved): Promise<void> {
    await this.reading
    this.hurried = false
    // The steps under way are no part of saving.
    await saved.settle()
    this.pace.begin()
    const copied = saved.copy()
    this.reading = this.read(copied).finally(() => {
      this.pace.end()
    })
    await copied
  }

  private async read(copied: Promise<PendingCheckpoint | null>): Promise<void> {
    try {
      const checkpoint = await (await copied)?.read()
      if (!checkpoint) return
      this.newest = checkpoint
      await this.handOn(checkpoint)
    } catch {
      // A loss shows at the next step; for lack of room the run goes on with the one before.
    }
  }
}
