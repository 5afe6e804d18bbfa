import type { Host } from '../core/host'
import { Problem } from '../core/problem'
import type { Checkpoint } from './checkpoint'
import { checkpointFile, readCheckpoint } from './checkpointFile'
import type { SavePace } from './savePace'
import type { Session } from './session'

/** Where the one checkpoint lies that outlives the page, in the host's cache. */
const place = 'checkpoint'

/** Keeps the newest checkpoint of a run in memory, for when its device is lost, and hands it on. */
export class Keeper {
  /** Null until one was read or given. */
  newest: Checkpoint | null = null
  private hurried = false
  private reading: Promise<void> = Promise.resolve()

  /** @param handOn what else is done with each; where it fails, the run goes on */
  constructor(
    private readonly pace: SavePace,
    private readonly handOn: (checkpoint: Checkpoint) => Promise<void>,
  ) {}

  /** Takes one where it is time; it is read while the run goes on. @throws Problem as `Session.advance` */
  async offer(session: Session): Promise<void> {
    if (this.hurried || this.pace.due) await this.take(session)
  }

  /** Takes the next one at the next offer: the page may be about to close. */
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
    const copied = await session.copy()
    this.pace.begin()
    const read = async () => {
      this.newest = (await copied?.read()) ?? this.newest
      if (this.newest) await this.handOn(this.newest)
    }
    // A loss shows at the next step; for lack of room the run goes on with the one before.
    this.reading = read()
      .catch(() => undefined)
      .finally(() => {
        this.pace.end()
      })
  }
}

/** Keeps a checkpoint for when the page is opened again, in the place of the one before. */
export async function keepForLater({ cache }: Host, checkpoint: Checkpoint): Promise<void> {
  await cache.put(place, (await checkpointFile(checkpoint)).buffer)
}

/** The checkpoint that was kept when the page was left. @throws Problem when there is none, or no whole one */
export async function keptForLater({ cache }: Host): Promise<Checkpoint> {
  const file = await cache.get(place)
  if (file) return readCheckpoint(new Uint8Array(file), 'What the browser kept of the run')
  throw new Problem('The browser did not keep the run.', 'Begin it again.')
}
