import type { Checkpoint } from './checkpoint'
import type { SavePace } from './savePace'
import type { Session } from './session'

/** Keeps the newest checkpoint of a run in memory, for when its device is lost. */
export class Keeper {
  /** Null until one was read. */
  newest: Checkpoint | null = null

  constructor(private readonly pace: SavePace) {}

  /** Takes one where it is time; it is read while the run goes on. @throws Problem as `Session.advance` */
  async offer(session: Session): Promise<void> {
    if (!this.pace.due) return
    this.pace.begin()
    const copied = await session.copy()
    copied
      ?.read()
      .then((checkpoint) => {
        this.newest = checkpoint
      })
      // A loss shows at the next step; for lack of room the run goes on with the one before.
      .catch(() => undefined)
      .finally(() => {
        this.pace.end()
      })
    if (!copied) this.pace.end()
  }
}
