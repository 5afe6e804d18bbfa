/** What the page is shown of a session's weights: the map, class counts, sparsity per layer and the noise sample. */
import { RandomStream } from '../core/random'
import { classColours, mapBackground } from '../core/palette'
import type { Placed } from '../core/layout'
import type { TrainerEvent, WeightReading } from '../core/trainer'
import type { WeightSample } from './executor'
import type { Session } from './session'
import { noWeight } from '../../shaders/paint'
import { mapPixels } from './weightMap'

/** Milliseconds between looks, so that watching costs a small share of training. */
const mapEveryMs = 60
const countsEveryMs = 500
/** A look may take at most this share of the time between two looks. */
const share = 0.15
const sampleSize = 400

export class Display {
  private canvas: OffscreenCanvas | null = null
  private dark = false
  private pixels: Uint32Array = new Uint32Array(0)
  private sampled: Uint32Array<ArrayBuffer> = new Uint32Array(0)
  private nextMap = 0
  private nextCounts = 0

  constructor(private readonly emit: (event: TrainerEvent) => void) {}

  /** Begins with a session: its map has a shape of its own. */
  async show(session: Session): Promise<void> {
    const { layout } = session.executor
    this.pixels = mapPixels(layout, session.opened.map, session.opened.map.width)
    this.sampled = sampleIndices(layout.prunable)
    if (this.canvas) await session.executor.painter.attach(this.canvas)
    await this.refresh(session, true)
  }

  forget(): void {
    this.canvas = null
    this.pixels = new Uint32Array(0)
  }

  async attach(canvas: OffscreenCanvas | null, dark: boolean, session: Session | null): Promise<void> {
    this.dark = dark
    if (canvas && canvas !== this.canvas) {
      this.canvas = canvas
      if (session) await session.executor.painter.attach(canvas)
    }
    if (!canvas) session?.executor.painter.detach()
    if (session) await this.refresh(session, true)
  }

  /** Shows what is due; `all` shows everything now. */
  async refresh(session: Session, all: boolean): Promise<void> {
    const now = performance.now()
    if (all || now >= this.nextCounts) {
      await this.counts(session)
      this.nextCounts = pace(now, countsEveryMs)
    }
    if (this.canvas && (all || now >= this.nextMap)) {
      const begun = performance.now()
      const theme = this.dark ? 'dark' : 'light'
      await session.executor.painter.paint({ classes: classColours[theme], background: mapBackground[theme] })
      this.nextMap = pace(begun, mapEveryMs)
    }
  }

  /** The weight under a map pixel. */
  async inspect(session: Session, x: number, y: number): Promise<WeightReading | null> {
    const index = this.pixels[y * session.opened.map.width + x] ?? noWeight
    const tensor = session.executor.layout.prunable.find((t) => index >= t.offset && index < t.offset + t.size)
    if (!tensor) return null
    const [sample] = await session.executor.sample(Uint32Array.of(index))
    if (!sample) return null
    const columns = tensor.shape.at(-1) ?? 1
    const place = index - tensor.offset
    return {
      layer: tensor.name, row: Math.floor(place / columns), column: place % columns,
      value: sample.weight, importance: sample.importance, ...noiseOf(sample), class: sample.class,
    }
  }

  private async counts(session: Session): Promise<void> {
    const { executor, pruner } = session
    const { counts, temporaryNow } = await executor.classify(pruner.budget)
    this.emit({ type: 'classes', counts, temporaryNow, budget: pruner.budget.reduce((sum, g) => sum + g.kept, 0) })
    this.emit({ type: 'layers', layers: await session.layers() })
    const samples = await executor.sample(this.sampled)
    this.emit({ type: 'noise', points: samples.map((s) => ({ ...noiseOf(s), class: s.class })) })
  }
}

/** Sensitivity |w| mean|g|, and the coefficient of variation of |g| from its first two moments (0 before any gradient). */
export function noiseOf({ weight, noiseMean, noiseSquare }: WeightSample): { sensitivity: number; noise: number } {
  const variance = Math.max(0, noiseSquare - noiseMean ** 2)
  return { sensitivity: Math.abs(weight) * noiseMean, noise: noiseMean > 0 ? Math.sqrt(variance) / noiseMean : 0 }
}

/** A fixed random sample of prunable weights, each tensor in proportion to its size. */
function sampleIndices(tensors: readonly Placed[]): Uint32Array<ArrayBuffer> {
  const total = tensors.reduce((sum, t) => sum + t.size, 0)
  const random = new RandomStream(0, 0)
  const picked = tensors.flatMap((t) => Array.from({ length: Math.ceil(sampleSize * t.size / total) }, () => t.offset + random.below(t.size)))
  return Uint32Array.from(new Set(picked))
}

/** When to look again, after a look that began at `begun` and ends now. */
function pace(begun: number, every: number): number {
  const now = performance.now()
  return now + Math.max(every, (now - begun) / share)
}
