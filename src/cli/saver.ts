import { count } from '../core/figures'
import { Problem } from '../core/problem'
import type { RunResult } from '../core/trainer'
import { checkpointFile } from '../engine/run/checkpointFile'
import type { PendingCheckpoint } from '../engine/run/checkpoint'
import { SavePace } from '../engine/run/savePace'
import type { Session } from '../engine/run/session'
import { keepCheckpoint } from './checkpoints'
import { whenRoom, writeWhole } from './writeWhole'

export interface SaverOptions {
  readonly folder: string
  /** From one save to the next, at least. */
  readonly seconds: number
  /** The step that is saved already; -1 where none is. */
  readonly savedStep: number
  /** The text of result.json. */
  readonly resultText: (result: RunResult) => string
  /** Milliseconds. */
  readonly now: () => number
  readonly tell: (text: string) => void
  readonly signal: AbortSignal
}

/** A run at one moment. */
interface Taken {
  readonly step: number
  readonly copied: PendingCheckpoint | null
  /** Of `result.json`. */
  readonly text: string
}

/** Saves a run while it trains: a checkpoint, and `result.json` with its numbers so far. */
export class Saver {
  private readonly pace: SavePace
  /** The step that was saved last. */
  private step: number
  /** Whether a save waits for room. */
  private full = false
  /** Why the last save failed. */
  private failure: Problem | null = null
  /** The save under way; it never rejects. */
  private written: Promise<void> = Promise.resolve()

  constructor(
    private readonly session: Session,
    private readonly options: SaverOptions,
  ) {
    this.step = options.savedStep
    this.pace = new SavePace(options.now, 1000 * options.seconds)
  }

  /** Saves where it is time. The run goes on while it is written, but waits where the disk is full. */
  async offer(): Promise<void> {
    if (this.full) await this.written
    if (this.pace.due) await this.begin()
  }

  /** Saves the run as it is, unless that was done. @throws Problem when nothing can be written */
  async save(): Promise<void> {
    await this.written
    if (this.step !== this.session.step) await this.begin()
    await this.written
    if (this.failure) throw this.failure
  }

  /** Waits until nothing is being written. */
  async settle(): Promise<void> {
    await this.written
  }

  private async begin(): Promise<void> {
    const { session } = this
    await this.written
    // The steps under way are no part of saving.
    await session.settle()
    this.pace.begin()
    const taken = this.take()
    this.written = taken
      .then((state) => this.keep(state))
      // Whoever waits for the copy hears why there is none.
      .catch(() => undefined)
      .finally(() => {
        this.full = false
        this.pace.end()
      })
    await taken
  }

  /** The run as it is; the numbers are read at once, the copy while it goes on. */
  private async take(): Promise<Taken> {
    const { session, options } = this
    const copied = await session.copy()
    return { step: session.step, copied, text: options.resultText(await session.result()) }
  }

  private async keep(taken: Taken): Promise<void> {
    try {
      await this.write(taken)
      this.step = taken.step
      this.failure = null
    } catch (error) {
      this.failure = Problem.from(error)
      this.options.tell(`The run was not saved at step ${count(taken.step)}: ${this.failure.what}`)
    }
  }

  private async write({ copied, text }: Taken): Promise<void> {
    const { folder, signal } = this.options
    const tell = (text: string) => {
      this.full = true
      this.options.tell(text)
    }
    const file = copied && (await checkpointFile(await copied.read()))
    if (file) await whenRoom(folder, () => keepCheckpoint(folder, file), tell, signal)
    await whenRoom(folder, () => writeWhole(folder, 'result.json', text), tell, signal)
  }
}
