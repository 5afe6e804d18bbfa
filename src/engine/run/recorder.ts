import { countOnes } from '../../core/bits'
import { deflated } from '../../core/deflated'
import { toHalves } from '../../core/halves'
import { spread } from '../../core/instability'
import type { Layout } from '../../core/layout'
import type { Frame, Sample } from '../../core/recorded'
import { sampledIndices } from '../../core/sampledIndices'
import { weightClasses } from '../../core/trainer'
import { spreadOf } from '../../core/weighing'
import { cutSteps } from '../cuts/cutWatch'
import type { WeightSample } from '../executor/executor'
import { allOf, maskAt } from '../../past/maskAt'
import { withFrame } from '../../past/withFrame'
import { boundsOf } from '../measures/bounds'
import { layerSparsity, livingMask } from '../measures/counts'
import { noiseOf } from '../measures/noiseOf'
import type { Session } from './session'

/** Frames of a run at cuts and between them, at most. */
const atCuts = 24
const between = 12
/** Bytes of masks, before they are deflated, that the frames of a run may have. */
const maskBudget = 32e6
/** Numbers of single weights may take at most this share of the time. */
const share = 0.04

/** Records the course of a run's weights (`Recorded`), a frame soon after each of its cuts, as far as there is room. */
export class Recorder {
  private readonly indices: Uint32Array<ArrayBuffer>
  /** Steps after which a frame is due, in rising order. */
  private due: readonly number[]
  /** The mask of the last frame; null where the next one stands alone. */
  private before: Promise<Uint32Array> | null
  private nextSample = -Infinity
  /** The frame that was begun last. */
  private taking: Promise<void> = Promise.resolve()

  /** Those so far. */
  frames: readonly Frame[]

  /** @param earlier frames of the run; those after the session's step are taken anew */
  constructor(
    private readonly session: Session,
    private readonly tell: (frame: Frame) => void,
    earlier: readonly Frame[] = [],
  ) {
    const { executor, experiment, pruner, step } = session
    const { steps } = experiment.training
    this.indices = sampledIndices(executor.layout.prunable)
    const frames = (this.frames = earlier.filter((frame) => frame.step <= step))
    const last = frames.at(-1)
    this.before = last ? maskAt({ matrices: executor.layout.prunable, frames }, frames.length - 1) : null
    // A frame that is damaged is told where the course is looked at; the next one stands alone then.
    this.before?.catch(() => undefined)
    this.due = dueSteps(steps, cutSteps(pruner.plan, steps), executor.layout).filter((due) => due > (last?.step ?? -1))
  }

  /** Of `count` steps those up to the next frame: the first step at least. */
  upTo(count: number): number {
    const { submitted } = this.session.progress
    return Math.max(1, Math.min(count, (this.due[0] ?? Infinity) - submitted))
  }

  /** Begins the frame that is due, once the one before is done; training goes on meanwhile. */
  async offer(): Promise<void> {
    const { submitted } = this.session.progress
    if (submitted < (this.due[0] ?? Infinity)) return
    await this.settle()
    this.due = this.due.filter((step) => step > submitted)
    const isDue = performance.now() >= this.nextSample
    // A device that is lost is met by the next step, which says so.
    this.taking = this.take(isDue).catch(() => undefined)
  }

  /** Takes the frame of the run's end, all numbers included. */
  async end(): Promise<void> {
    await this.settle()
    await this.take(true)
  }

  /** Waits for the frame under way. */
  async settle(): Promise<void> {
    await this.taking
  }

  private async take(sampled: boolean): Promise<void> {
    const { session, indices } = this
    const { executor, pruner, progress } = session
    const step = progress.submitted
    const begun = performance.now()
    // All reads are asked for at once, so that they are of the same step.
    const [mask, classes, samples, lowest] = await Promise.all([
      livingMask(executor),
      executor.classify(pruner.budget),
      sampled ? executor.sample(indices) : null,
      executor.lowestKept(),
    ])
    if (samples) this.nextSample = performance.now() + (performance.now() - begun) / share
    const before = await this.before?.catch(() => undefined)
    this.before = Promise.resolve(mask)
    const changes = changesOf(executor.layout, mask, before)
    const kept = layerSparsity(executor.layout, mask).map((layer) => layer.kept)
    const cut = onesOf(changes.map((word, i) => word & ~(mask[i] ?? 0)))
    const frame: Frame = {
      step,
      changes: await deflated([changes]),
      whole: !before,
      cut,
      back: onesOf(changes) - cut,
      kept,
      classes,
      sample: samples && sampleOf(samples, session.opened.scores),
      ...(samples ? { bounds: boundsOf(executor.pruning, lowest, samples) } : {}),
    }
    this.frames = withFrame(this.frames, frame)
    this.tell(frame)
  }
}

/** Steps after which frames are due: after cuts, and evenly between them. */
function dueSteps(steps: number, cuts: readonly number[], layout: Layout): number[] {
  const room = Math.max(8, Math.floor(maskBudget / (layout.prunableLength / 8)))
  const evenly = Array.from({ length: between }, (_, i) => Math.round((i * steps) / between))
  const after = spread(
    cuts.map((step) => step + 1),
    atCuts,
  )
  return spread(
    [...new Set([...evenly, ...after])].sort((a, b) => a - b),
    room,
  )
}

/** Where the mask is not as before, or, where nothing was before, where it cuts. */
function changesOf({ prunable }: Layout, mask: Uint32Array, before: Uint32Array | undefined) {
  const from = before ?? allOf(prunable)
  return Uint32Array.from(mask, (word, i) => word ^ (from[i] ?? 0))
}

function onesOf(words: Uint32Array): number {
  return words.reduce((sum, word) => sum + countOnes(word), 0)
}

/** @param scored whether the method ranks single weights by a score */
function sampleOf(samples: readonly WeightSample[], scored: boolean): Sample {
  return {
    value: toHalves(samples.map(({ weight }) => weight)),
    importance: toHalves(samples.map(({ importance }) => importance)),
    peak: toHalves(samples.map(({ peak }) => peak)),
    noise: toHalves(samples.map((sample) => noiseOf(sample) ?? NaN)),
    spread: toHalves(samples.map(({ sensed, importance }) => spreadOf(sensed, importance) ?? NaN)),
    gradient: toHalves(samples.map(({ gradient }) => gradient)),
    ...(scored ? { score: toHalves(samples.map(({ score }) => score)) } : {}),
    code: Uint8Array.from(samples, (sample) => weightClasses.indexOf(sample.class) + (sample.cut ? 4 : 0)),
  }
}
