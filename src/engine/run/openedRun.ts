import { toLink } from '../../config/link'
import type { Experiment } from '../../core/experiment'
import { count } from '../../core/figures'
import type { ListedStore } from '../../core/host'
import type { Frame } from '../../core/recorded'
import type { OpenOptions, TrainerEvent } from '../../core/trainer'
import { thinned } from '../../past/thinned'
import type { Checkpoint } from './checkpoint'
import { CheckpointKeeper } from './checkpointKeeper'
import { paceOf } from './pace'
import type { SavedRun } from './savedRun'
import { firstSaveSeconds, SavePace } from './savePace'
import type { Session } from './session'
import { weightsOf } from './weightsFile'

/** How a run was asked for. */
export interface Asked {
  readonly experiment: Experiment
  readonly options: OpenOptions
  /** Milliseconds from one checkpoint to the next, at least; the first one is taken early. */
  readonly saveEveryMs: number
  /** Hears of what is kept for the next visit, also when another run is open by then. */
  readonly tell: (event: TrainerEvent) => void
  /** The course of its weights so far. */
  readonly frames: () => Promise<readonly Frame[]>
}

/** Bytes of a run's frames that are kept for the next visit with each of its checkpoints. */
const savedFrames = 4e6

/** The run that is open, and what is kept of it. */
export class OpenedRun {
  /** Devices that it has lost. */
  losses = 0
  checkpoints: CheckpointKeeper
  /** The step at which the next visit can go on with it; null for none. */
  private savedStep: number | null
  /** Whether the last checkpoint could not be stored. */
  private stale = false
  private toldSlow = false

  /**
   * @param kept what outlives the page
   * @param left where it goes on since the last visit; null at its first step
   */
  constructor(
    readonly asked: Asked,
    private readonly kept: SavedRun,
    left: Checkpoint | null,
  ) {
    this.savedStep = left && left.step
    this.checkpoints = this.keeper(left)
  }

  /** Saves it now; resolves when that is done. */
  async save(session: Session): Promise<void> {
    await this.checkpoints.take(session)
    await this.checkpoints.settle()
  }

  /** Tells once, as soon as its pace is known, that it is going to take long. */
  warnIfSlow(session: Session, tell: (event: TrainerEvent) => void): void {
    const pace = this.toldSlow ? null : paceOf(session)
    if (!pace) return
    this.toldSlow = true
    const { isSlow, msPerStep, secondsLeft } = pace
    if (isSlow) tell({ type: 'slow', msPerStep, secondsLeft })
  }

  /** It begins anew. */
  async reset(): Promise<void> {
    await this.forget()
    this.checkpoints = this.keeper(null)
    this.losses = 0
  }

  /** It has ended, or begins anew: the next visit has nothing to go on with. */
  async forget(): Promise<void> {
    await this.checkpoints.settle()
    if (this.savedStep === null) return
    this.savedStep = null
    await this.kept.remove()
    this.asked.tell({ type: 'unsaved', link: toLink(this.asked.experiment) })
  }

  /** The weights of its end stay, for runs that start from them. */
  async keepWeights(session: Session, store: ListedStore): Promise<void> {
    const { keep } = this.asked.options
    if (!keep || !session.finished) return
    const file = await weightsOf(session, 'f32')
    const { keepWeights } = await import('./keptWeights')
    if (file) await keepWeights(store, keep.as, new Uint8Array(file).buffer, keep.spared)
  }

  private keeper(newest: Checkpoint | null): CheckpointKeeper {
    const pace = new SavePace(() => performance.now(), this.asked.saveEveryMs, 1000 * firstSaveSeconds)
    return new CheckpointKeeper(pace, (checkpoint) => this.keep(checkpoint), newest)
  }

  /** For the next visit, which cannot read files of the user again. */
  private async keep(checkpoint: Checkpoint): Promise<void> {
    const { options, tell, frames: recorded } = this.asked
    if (options.files.length > 0) return
    const { link, step } = checkpoint
    const before = (await recorded()).filter((frame) => frame.step <= step)
    const frames = thinned(before, savedFrames)
    if (!(await this.kept.put({ ...checkpoint, frames }))) {
      if (!this.stale) tell({ type: 'note', text: staleText(this.savedStep) })
      this.stale = true
      tell({ type: 'stale', link })
      return
    }
    if (this.stale) tell({ type: 'note', text: `The browser saves the run again, by now at step ${count(step)}.` })
    this.stale = false
    this.savedStep = step
    tell({ type: 'saved', link, step })
  }
}

function staleText(savedStep: number | null): string {
  const lost = savedStep === null ? 'all steps' : `the steps after step ${count(savedStep)}`
  return (
    'The browser cannot save this run: it has no room, or stores nothing for this page. '
    + `Free room on the disk, or delete kept runs; until then, closing the page loses ${lost}.`
  )
}
