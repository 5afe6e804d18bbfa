import { toLink } from '../../config/link'
import type { Experiment } from '../../core/experiment'
import type { OpenOptions, TrainerEvent } from '../../core/trainer'
import type { Checkpoint } from './checkpoint'
import { CheckpointKeeper } from './checkpointKeeper'
import type { SavedRun } from './savedRun'
import { firstSaveSeconds, SavePace } from './savePace'
import type { Session } from './session'

/** How a run was asked for. */
export interface Asked {
  readonly experiment: Experiment
  readonly options: OpenOptions
  /** Milliseconds from one checkpoint to the next, at least; the first one is taken early. */
  readonly saveEveryMs: number
  /** Hears of what is kept for the next visit, also when another run is open by then. */
  readonly tell: (event: TrainerEvent) => void
}

const unsavedText =
  'The browser does not save this run: it has no room, or stores nothing for this page. '
  + 'Until it can, closing the page loses the steps made.'

/** The run that is open, and what is kept of it. */
export class OpenedRun {
  /** Devices that it has lost. */
  losses = 0
  checkpoints: CheckpointKeeper
  /** Whether the next visit can go on with it. */
  private saved: boolean
  private toldUnsaved = false

  /**
   * @param kept what outlives the page
   * @param left where it goes on since the last visit; null at its first step
   */
  constructor(
    readonly asked: Asked,
    private readonly kept: SavedRun,
    left: Checkpoint | null,
  ) {
    this.saved = left !== null
    this.checkpoints = this.keeper(left)
  }

  /** Saves it now; resolves when that is done. */
  async save(session: Session): Promise<void> {
    await this.checkpoints.take(session)
    await this.checkpoints.settle()
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
    if (!this.saved) return
    this.saved = false
    await this.kept.remove()
    this.asked.tell({ type: 'unsaved', link: toLink(this.asked.experiment) })
  }

  private keeper(newest: Checkpoint | null): CheckpointKeeper {
    const pace = new SavePace(() => performance.now(), this.asked.saveEveryMs, 1000 * firstSaveSeconds)
    return new CheckpointKeeper(pace, (checkpoint) => this.keep(checkpoint), newest)
  }

  /** For the next visit, which cannot read files of the user again. */
  private async keep(checkpoint: Checkpoint): Promise<void> {
    const { options, tell } = this.asked
    if (options.files.length > 0) return
    if (!(await this.kept.put(checkpoint))) {
      if (!this.toldUnsaved) tell({ type: 'note', text: unsavedText })
      this.toldUnsaved = true
      return
    }
    this.saved = true
    tell({ type: 'saved', link: checkpoint.link, step: checkpoint.step })
  }
}
