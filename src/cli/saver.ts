import type { RunResult } from '../core/trainer'
import { checkpointFile } from '../engine/checkpointFile'
import type { PendingCheckpoint } from '../engine/checkpoint'
import type { Session } from '../engine/session'
import { keepCheckpoint } from './checkpoints'
import { whenRoom, writeWhole } from './writeWhole'

/** Of the time, saving takes at most this share: a save that took long is followed by a longer pause. */
const mostOfTime = 0.02

export interface SaverOptions {
  readonly folder: string
  /** From one save to the next, unless saving takes so long that this would be too often. */
  readonly seconds: number
  /** The text of result.json. */
  readonly resultText: (result: RunResult) => string
  /** Milliseconds. */
  readonly now: () => number
  readonly tell: (text: string) => void
  readonly signal: AbortSignal
}

/** Saves a run while it trains: a checkpoint, and `result.json` with its numbers so far. */
export class Saver {
  private due: number
  private step = -1
  /** The save under way. */
  private written: Promise<void> = Promise.resolve()

  constructor(
    private readonly session: Session,
    private readonly options: SaverOptions,
  ) {
    this.due = options.now() + 1000 * options.seconds
  }

  /** Saves where it is time. The run goes on while it is written; where the disk is full, it waits at the next save. */
  async offer(): Promise<void> {
    if (this.options.now() >= this.due) await this.begin()
  }

  /** Saves the run as it is, unless that was done. @throws Problem when nothing can be written */
  async save(): Promise<void> {
    if (this.step !== this.session.step) await this.begin()
    await this.written
  }

  /** Waits until nothing is being written. */
  async settle(): Promise<void> {
    await this.written.catch(() => undefined)
  }

  private async begin(): Promise<void> {
    const { session, options } = this
    await this.written
    const begun = options.now()
    const copied = await session.copy()
    const text = options.resultText(await session.result())
    this.step = session.step
    this.due = Infinity
    this.written = this.write(copied, text).then(() => {
      const took = options.now() - begun
      this.due = options.now() + Math.max(1000 * options.seconds, took / mostOfTime)
    })
    // Thrown where the next save waits for it.
    this.written.catch(() => undefined)
  }

  private async write(copied: PendingCheckpoint | null, text: string): Promise<void> {
    const { folder, tell, signal } = this.options
    const file = copied && (await checkpointFile(await copied.read()))
    if (file) await whenRoom(folder, () => keepCheckpoint(folder, file), tell, signal)
    await whenRoom(folder, () => writeWhole(folder, 'result.json', text), tell, signal)
  }
}
