import type { Examples } from '../../core/dataset'
import type { Experiment } from '../../core/experiment'
import { isCorruption, maskCheckOf, type MaskCheck } from '../../core/maskCheck'
import type { Plan } from '../../core/plan'
import type { TrainerEvent } from '../../core/trainer'
import { batchReader, type TrainReader } from '../../data/batches'
import { corrupted } from '../../data/corrupted'
import type { Executor } from '../executor/executor'
import { redrawnWeights, shuffledMask, shuffledSurvivors } from './tickets'

/** Makes the sanity check of a mask made before training (`core/maskCheck.ts`); does nothing in runs without one. */
export class MaskChecker {
  private readonly check: MaskCheck

  /** @param initial gives the weights before the first step, [layout.length] */
  constructor(
    private readonly executor: Executor,
    private readonly experiment: Experiment,
    private readonly examples: Examples,
    private readonly initial: () => Float32Array,
    private readonly emit: (event: TrainerEvent) => void,
  ) {
    this.check = maskCheckOf(experiment.method.values)
  }

  /** What scoring reads in the place of `usual`. */
  reader(usual: TrainReader): TrainReader {
    if (!isCorruption(this.check)) return usual
    const {
      training: { batch, augment },
      seed,
    } = this.experiment
    return batchReader(corrupted(this.examples, this.check, seed), { batch, seed, augment })
  }

  /** Once the mask is made, before the first step. */
  async disturb(plan: Plan): Promise<void> {
    const {
      check,
      executor,
      initial,
      experiment: { seed },
    } = this
    if (isCorruption(check)) this.tellIfBlind(plan)
    if (check === 'none' || isCorruption(check)) return
    const { layout } = executor
    const mask = Uint32Array.from(await executor.mask())
    const disturbed = {
      rearrange: () => ({ weights: Float32Array.from(initial()), mask: shuffledMask(mask, layout, seed) }),
      shuffle: () => ({ weights: shuffledSurvivors(initial(), mask, layout, seed), mask }),
      reinitialise: () => ({ weights: redrawnWeights(layout, seed), mask }),
    }[check]()
    await executor.setWeights({ ...disturbed, moments: 'zeroed' })
  }

  private tellIfBlind({ scoringBatches, probe }: Plan): void {
    if (scoringBatches > 0 && probe !== 'flow') return
    this.emit({
      type: 'note',
      text: 'This mask is made without reading data, so what the sanity check does to the data cannot change it.',
    })
  }
}
