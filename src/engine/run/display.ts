/** Shows the page a session's weights: the map, class counts, sparsity per layer and the noise sample. */
import { RandomStream } from '../../core/random'
import { classColours, mapBackground } from '../../core/palette'
import { countGates } from '../../core/gateCounts'
import type { Frame } from '../../core/recorded'
import { numberLooks, type MapMode } from '../../core/mapModes'
import type { Placed } from '../../core/layout'
import type { NoisePoint, TrainerEvent, WeightReading } from '../../core/trainer'
import { spreadOf } from '../../core/weighing'
import { changedSteps } from '../../past/changedSteps'
import { cutSteps } from '../cuts/cutWatch'
import type { Changes, LatestNumbers, WeightSample } from '../executor/executor'
import { boundsOf } from '../measures/bounds'
import { noiseOf } from '../measures/noiseOf'
import { Recorder } from './recorder'
import type { Session } from './session'
import { noWeight } from '../../core/noWeight'
import { mapPixels } from '../../core/weightMap'

/** Milliseconds between looks, so that watching costs a small share of training. */
const mapEveryMs = 60
const countsEveryMs = 500
/** A look may take at most this share of the time between two looks. */
const share = 0.15
const sampleSize = 400
/** Of so many colours of the map the legend shows one. */
const legendStep = 4

type Scales = typeof import('../../core/mapScales')

export class Display {
  private canvas: OffscreenCanvas | null = null
  private dark = false
  private mode: MapMode = 'class'
  /** What makes the colours of numbers: null until it is asked for, and where it could not be loaded. */
  private scales: Promise<Scales | null> | null = null
  private pixels: Uint32Array = new Uint32Array(0)
  private sampled: Uint32Array<ArrayBuffer> = new Uint32Array(0)
  private nextMap = 0
  private nextCounts = 0
  private nextScale = 0
  private hidden = false
  /** The look under way. */
  private looking: Promise<void> | null = null
  private recorder: Recorder | null = null
  /** What was recorded of the run before its session was left. */
  private left: readonly Frame[] = []
  private failure: { readonly error: unknown } | null = null

  constructor(private readonly emit: (event: TrainerEvent) => void) {}

  /** What is recorded of the run so far, the frame under way included. */
  async frames(): Promise<readonly Frame[]> {
    await this.recorder?.settle()
    return this.recorder?.frames ?? this.left
  }

  /** Begins with a session: its map has a shape of its own. @param frames what is recorded of its run already */
  async show(session: Session, frames = this.left): Promise<void> {
    const { layout } = session.executor
    this.pixels = mapPixels(layout.prunable, session.opened.map)
    this.sampled = sampleIndices(layout.prunable)
    if (this.canvas) await session.executor.painter.attach(this.canvas)
    await this.begin(session, frames)
  }

  /** Shows a session at the step from which it trains on. */
  async begin(session: Session, frames: readonly Frame[] = []): Promise<void> {
    await this.recorder?.settle()
    this.recorder = new Recorder(session, (frame) => this.emit({ type: 'frame', frame }), frames)
    await this.refresh(session)
  }

  /** Shows a session whose run has ended. */
  async end(session: Session): Promise<void> {
    await this.recorder?.end()
    await this.refresh(session)
  }

  /** Ends with a session, when the look under way is done. */
  async forget(): Promise<void> {
    await this.leave()
    this.canvas = null
    this.left = []
    this.pixels = new Uint32Array(0)
  }

  /** Ends with a session, but keeps the canvas: another session of the same run follows. */
  async leave(): Promise<void> {
    await this.settle()
    this.left = await this.frames()
    this.recorder = null
    this.failure = null
  }

  async attach(canvas: OffscreenCanvas | null, dark: boolean, session: Session | null): Promise<void> {
    this.dark = dark
    if (canvas && canvas !== this.canvas) {
      this.canvas = canvas
      if (session) await session.executor.painter.attach(canvas)
    }
    if (!canvas) session?.executor.painter.detach()
    if (session) await this.refresh(session)
  }

  /** What the map shows from now on. */
  async showOnMap(mode: MapMode, session: Session | null): Promise<void> {
    this.mode = mode
    if (mode !== 'class') this.scales ??= this.loadScales()
    if (session) await this.refresh(session)
  }

  /** There are no looks while the page is hidden; it is brought up to date when it is seen again. */
  async hide(hidden: boolean, session: Session | null): Promise<void> {
    this.hidden = hidden
    if (hidden) await this.settle()
    else if (session) await this.refresh(session)
  }

  /** Of `count` steps those up to the next moment that is recorded. */
  upTo(count: number): number {
    return this.recorder?.upTo(count) ?? count
  }

  /** Begins the looks that are due; training goes on meanwhile. @throws what a look before failed with */
  async glance(session: Session): Promise<void> {
    if (this.failure) throw this.failure.error
    await this.recorder?.offer()
    const now = performance.now()
    const counts = now >= this.nextCounts
    if (this.looking || this.hidden || !(counts || this.mapIsDue(now))) return
    void this.look(session, counts).catch((error: unknown) => {
      this.failure = { error }
    })
  }

  /** Shows everything as it is now. */
  async refresh(session: Session): Promise<void> {
    await this.settle()
    this.nextMap = 0
    this.nextScale = 0
    await this.look(session, true)
  }

  /** Waits for the look under way. */
  async settle(): Promise<void> {
    while (this.looking) await this.looking.catch(() => undefined)
  }

  /** The weight under a map pixel. */
  async inspect(session: Session, x: number, y: number): Promise<WeightReading | null> {
    const index = this.pixels[y * session.opened.map.width + x] ?? noWeight
    const tensor = session.executor.layout.prunable.find((t) => index >= t.offset && index < t.offset + t.size)
    if (!tensor) return null
    const { executor } = session
    // Both are asked for at once, so that they are of the same step.
    const [[sample], latest] = await Promise.all([executor.sample(Uint32Array.of(index)), executor.latest(index)])
    if (!sample) return null
    const columns = tensor.shape.at(-1) ?? 1
    const place = index - tensor.offset
    return {
      layer: tensor.name,
      row: Math.floor(place / columns),
      column: place % columns,
      step: session.step,
      value: sample.weight,
      importance: sample.importance,
      peak: sample.peak,
      noise: noiseOf(sample),
      spread: spreadOf(sample.sensed, sample.importance),
      ...latestOf(sample, latest),
      score: session.opened.scores && Number.isFinite(latest.score) ? latest.score : null,
      age: Number.isFinite(latest.changed) ? Math.max(0, session.progress.submitted - latest.changed) : null,
      class: sample.class,
      cut: sample.cut,
    }
  }

  private look(session: Session, counts: boolean): Promise<void> {
    const looking = this.lookAt(session, counts).finally(() => {
      if (this.looking === looking) this.looking = null
    })
    this.looking = looking
    return looking
  }

  private async lookAt(session: Session, counts: boolean): Promise<void> {
    if (counts) this.nextCounts = after(countsEveryMs, await session.aside(() => this.counts(session)))
    if (this.mapIsDue(performance.now()))
      this.nextMap = after(mapEveryMs, await session.aside(() => this.paint(session)))
  }

  private mapIsDue(now: number): boolean {
    return this.canvas !== null && !this.hidden && now >= this.nextMap
  }

  private async paint(session: Session): Promise<void> {
    const { painter } = session.executor
    const theme = this.dark ? 'dark' : 'light'
    const { mode } = this
    const colours = { classes: classColours[theme], background: mapBackground[theme] }
    const scales = mode === 'class' ? null : await this.scales
    if (mode === 'class' || !scales) return painter.paint({ ...colours, mode: 'class' })
    const scale = scales.scaleColours(numberLooks[mode].colours, theme)
    if (mode === 'age' && !painter.remembers) await painter.remember(await this.changes(session))
    await painter.paint({ ...colours, mode, scale, step: session.progress.submitted })
    if (performance.now() < this.nextScale) return
    this.nextScale = performance.now() + countsEveryMs
    const shown = scale.filter((_, i) => i % legendStep === 0)
    this.emit({ type: 'scale', scale: { mode, colours: shown, range: await painter.range() } })
  }

  /** When bits of the mask changed so far, as it was recorded. */
  private async changes({ executor, experiment, opened, pruner, progress }: Session): Promise<Changes> {
    const frames = await this.frames()
    const record = { matrices: opened.matrices, frames }
    const last = cutSteps(pruner.plan, experiment.training.steps).findLast((cut) => cut < progress.submitted)
    const mask = await executor.mask()
    // Where pruned weights train on, what is recorded are those that are not 0.
    const isFree = executor.pruning.pruned === 'free'
    const latest = isFree || last === undefined ? undefined : { mask, step: last + 1 }
    // A course that is damaged is told beside the map.
    const changes = await changedSteps(record, latest).catch(() => changedSteps({ ...record, frames: [] }, latest))
    return isFree ? { ...changes, mask } : changes
  }

  private loadScales(): Promise<Scales | null> {
    return import('../../core/mapScales').catch(() => {
      this.scales = null
      this.emit({
        type: 'note',
        text: 'The colours for numbers on the map could not be loaded, so it shows classes. Choose the number again.',
      })
      return null
    })
  }

  /** All reads are asked for at once, so that they are of the same step. */
  private async counts(session: Session): Promise<void> {
    const { executor, pruner } = session
    const [counts, layers, samples, lowest, gates] = await Promise.all([
      executor.classify(pruner.budget),
      session.layers(),
      executor.sample(this.sampled),
      executor.lowestKept(),
      executor.gates(),
    ])
    this.emit({ type: 'classes', counts })
    this.emit({ type: 'layers', layers })
    if (gates.length > 0) this.emit({ type: 'gates', gates: countGates(executor.layout, gates) })
    this.emit({
      type: 'noise',
      points: samples.map((sample, i) => pointOf(sample, this.sampled[i] ?? noWeight)),
      bounds: boundsOf(executor.pruning, lowest, samples),
    })
  }
}

/** A sampled weight as the noise chart draws it. */
function pointOf({ importance, peak, sensed, class: name, cut }: WeightSample, index: number): NoisePoint {
  return { index, importance, peak, spread: spreadOf(sensed, importance), class: name, cut }
}

/** What the latest gradient says of a weight; nothing before the first one. */
function latestOf({ weight }: WeightSample, { gradient, norm }: LatestNumbers) {
  return norm === 0
    ? { gradient: null, sensitivity: null }
    : { gradient, sensitivity: (Math.abs(weight) * Math.abs(gradient)) / norm }
}

/** A fixed random sample of prunable weights, each tensor in proportion to its size. */
function sampleIndices(tensors: readonly Placed[]): Uint32Array<ArrayBuffer> {
  const total = tensors.reduce((sum, t) => sum + t.size, 0)
  const random = new RandomStream(0, 0)
  const picked = tensors.flatMap((t) =>
    Array.from({ length: Math.ceil((sampleSize * t.size) / total) }, () => t.offset + random.below(t.size)),
  )
  return Uint32Array.from(new Set(picked))
}

/** When to look again, after a look that kept the device from training for `cost` milliseconds. */
function after(every: number, cost: number): number {
  return performance.now() + Math.max(every, cost / share)
}
