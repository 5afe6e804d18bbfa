import type { Checkpoint, PendingCheckpoint } from './checkpoint'
import type { SavePace } from './savePace'
import type { Session } from './session'

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
  async offer(session: Session): Promise<void> {
    if (this.pace.due || (this.hurried && this.pace.affordable)) await this.take(session)
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
  async take(session: Session): Promise<void> {
    await this.reading
    this.hurried = false
    // The steps under way are no part of saving.
    await session.settle()
    this.pace.begin()
    const copied = session.copy()
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
