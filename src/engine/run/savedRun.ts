import type { Store } from '../../core/host'
import { Problem } from '../../core/problem'
import type { Checkpoint } from './checkpoint'
import { checkpointFile, readCheckpoint } from './checkpointFile'

/** A checkpoint of an earlier visit. */
export interface FoundCheckpoint {
  readonly checkpoint: Checkpoint
  /** Whether the other one is damaged, newer or not. */
  readonly otherDamaged: boolean
}

/** What outlives the page of one run: its last two checkpoints. Each takes the place of the older one. */
export class SavedRun {
  /** Where the next one goes: 0 or 1. */
  private place = 0
  /** Whether all that lies there is of this attempt at the run. */
  private own = false

  constructor(
    private readonly store: Store,
    private readonly runId: string,
  ) {}

  /** Keeps a checkpoint. @returns whether there was room */
  async put(checkpoint: Checkpoint): Promise<boolean> {
    const { buffer } = await checkpointFile(checkpoint)
    if (!(await this.putWithRoom(buffer))) return false
    this.place = 1 - this.place
    // The run was begun anew: what an earlier attempt has left is ahead of it.
    if (!this.own) await this.store.remove(this.name(this.place))
    this.own = true
    return true
  }

  /** The newest one that is whole. @throws Problem when there is none */
  async newest(): Promise<FoundCheckpoint> {
    const found = await Promise.all([0, 1].map((place) => this.read(place)))
    const whole = found
      .flatMap((one) => (one.checkpoint ? [{ ...one, checkpoint: one.checkpoint }] : []))
      .sort((a, b) => b.checkpoint.step - a.checkpoint.step)[0]
    const problem = found.find((one) => one.problem)?.problem
    if (!whole)
      throw problem ?? new Problem('The browser did not keep the run.', 'Begin it again.', { about: 'checkpoint' })
    this.place = 1 - whole.place
    this.own = true
    return { checkpoint: whole.checkpoint, otherDamaged: problem !== undefined }
  }

  /** Its run has ended, or is wanted no more. */
  async remove(): Promise<void> {
    await Promise.all([0, 1].map((place) => this.store.remove(this.name(place))))
  }

  private async putWithRoom(bytes: ArrayBuffer): Promise<boolean> {
    if (await this.store.put(this.name(this.place), bytes)) return true
    // Writing aside needs room for three; without the oldest there may be enough.
    await this.store.remove(this.name(this.place))
    return this.store.put(this.name(this.place), bytes)
  }

  private async read(place: number) {
    const file = await this.store.get(this.name(place))
    // A file that was made and never written is empty.
    if (!file?.byteLength) return { place }
    try {
      return { place, checkpoint: await readCheckpoint(new Uint8Array(file), 'What the browser kept of the run') }
    } catch (error) {
      return { place, problem: Problem.from(error) }
    }
  }

  private name(place: number): string {
    return `${this.runId}-${place}.safetensors`
  }
}
