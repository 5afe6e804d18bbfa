import type { UnitsLeft } from './compact'
import { shortPercent } from './figures'
import type { LayerSparsity } from './trainer'

/** What a forward pass of one example multiplies: counted while the model runs, so no model has to say it. */
export interface Work {
  /** Every linear layer: the name of its matrix, that matrix's weights, and the rows (tokens) that go through it. */
  readonly linear: readonly { readonly tensor: string; readonly size: number; readonly rows: number }[]
  /**
   * Multiply-adds of attention: scores and mixing, 2 tokens^2 width a layer. No weight takes part, so only heads that
   * are taken out save any.
   */
  readonly attention: number
}

/** Measured time of one forward pass. */
export interface Latency {
  /** Examples that go through at once. */
  readonly batch: number
  /** Median milliseconds with dense kernels, which multiply by zeros as by any number. */
  readonly denseMs: number
  /**
   * Median milliseconds with sparse kernels in the layers where they measured faster; null where there are none to
   * measure.
   */
  readonly prunedMs: number | null
  /**
   * Median milliseconds of the model rebuilt without its dead heads and neurons, with dense kernels; null where there
   * is none.
   */
  readonly compactMs: number | null
  /** Layers that run sparse kernels in `prunedMs`, of those that are prunable. */
  readonly sparseLayers: number
  readonly prunableLayers: number
}

/** The model rebuilt without its dead heads and neurons (`compact`), compared with the masked one. */
export interface CompactCost {
  readonly work: Work
  readonly parameters: number
  readonly units: readonly UnitsLeft[]
  /** Largest difference between the logits of the two models, over the examples that were timed. */
  readonly difference: number
}

/** Why a model cannot be rebuilt smaller: a sentence. */
export interface NotCompact {
  readonly why: string
}

/** What an executor measures of forward passes. */
export interface ForwardCost {
  readonly work: Work
  readonly latency: readonly Latency[]
  readonly compact: CompactCost | NotCompact
}

/** The compact model in numbers. */
export interface CompactReport {
  readonly parameters: number
  /** Multiply-adds of one example; zeros that are left count as well. */
  readonly multiplyAdds: number
  /** Units of all layers together, by kind. */
  readonly units: readonly { readonly kind: 'head' | 'neuron'; readonly kept: number; readonly count: number }[]
  /** As in `CompactCost`. */
  readonly difference: number
}

/** Of the parameters that are left, those that take part in the result of one token. */
export interface Activated {
  readonly parameters: number
  readonly of: number
}

/** What pruning bought, in theory and on this device. */
export interface InferenceReport {
  /** All parameters over the remaining ones. */
  readonly compression: number
  /** Multiply-adds of one example in linear layers and attention. */
  readonly denseMultiplyAdds: number
  readonly prunedMultiplyAdds: number
  /** Dense over pruned multiply-adds: the speed-up of a machine that skips zeros for free. */
  readonly theoreticalSpeedup: number
  readonly latency: readonly Latency[]
  /** The result in a sentence; it says plainly when the pruned model is not faster. */
  readonly verdict: string
  /** Absent where every token uses all. */
  readonly activated?: Activated
  /** Absent where no head and no neuron is dead. */
  readonly compact?: CompactReport
  /** What rebuilding the model gave, or why it cannot be rebuilt smaller, in a sentence. */
  readonly rebuilt: string
}

/** Ratios nearer to 1 than this are noise. */
const noticeable = 1.05

/**
 * Theory and measurement together.
 * @param layers the prunable tensors and what is left of them
 */
export function inferenceReport(
  { work, latency, compact }: ForwardCost,
  layers: readonly LayerSparsity[],
  parameters: number,
): InferenceReport {
  const pruned = layers.reduce((sum, l) => sum + l.size - l.kept, 0)
  const denseMultiplyAdds = multiplyAdds(work, [])
  // A head that is gone mixes nothing.
  const prunedMultiplyAdds = multiplyAdds(
    'why' in compact ? work : { ...work, attention: compact.work.attention },
    layers,
  )
  const theoreticalSpeedup = denseMultiplyAdds / prunedMultiplyAdds
  return {
    compression: parameters / (parameters - pruned),
    denseMultiplyAdds,
    prunedMultiplyAdds,
    theoreticalSpeedup,
    latency,
    verdict: verdict(pruned / layers.reduce((sum, l) => sum + l.size, 0), theoreticalSpeedup, latency),
    ...('why' in compact ? { rebuilt: compact.why } : rebuiltReport(compact, parameters)),
  }
}

/** Multiply-adds of one example; layers that are not listed are dense. */
export function multiplyAdds({ linear, attention }: Work, layers: readonly LayerSparsity[]): number {
  const left = new Map(layers.map(({ name, kept }) => [name, kept]))
  return linear.reduce((sum, { tensor, size, rows }) => sum + rows * (left.get(tensor) ?? size), attention)
}

function rebuiltReport(
  { work, parameters, units, difference }: CompactCost,
  before: number,
): { compact: CompactReport; rebuilt: string } {
  const counts = (['head', 'neuron'] as const).map((kind) => {
    const layers = units.filter((layer) => layer.kind === kind)
    return {
      kind,
      kept: layers.reduce((sum, { kept }) => sum + kept.length, 0),
      count: layers.reduce((sum, { count }) => sum + count, 0),
    }
  })
  const gone = counts
    .filter(({ kept, count }) => kept < count)
    .map(({ kind, kept, count }) => `${count - kept} of ${count} ${kind}s`)
  return {
    compact: { parameters, multiplyAdds: multiplyAdds(work, []), units: counts, difference },
    rebuilt:
      `Rebuilt without ${gone.join(' and ')}, which change nothing, it has `
      + `${shortPercent(parameters / before, 1)} of the parameters, and its logits ${
        difference === 0 ? 'are the same to the last bit' : `differ by ${difference.toPrecision(2)} at most`
      }.`,
  }
}

/** A way to run the pruned model, and how many times as fast as dense it is. */
interface Way {
  readonly ratio: number
  readonly how: string
}

/**
 * From the slowest to the fastest of the ways that were measured, so that nobody mistakes the best case for the usual
 * one.
 */
function verdict(sparsity: number, theory: number, latency: readonly Latency[]): string {
  const share = shortPercent(sparsity, 1)
  if (sparsity === 0) return 'Nothing is pruned, so nothing is gained.'
  const ways = latency
    .flatMap(({ batch, denseMs, prunedMs, compactMs }): Way[] => {
      const examples = batch === 1 ? 'one example' : `${batch} examples at once`
      return [
        ...(prunedMs === null ? [] : [{ ratio: denseMs / prunedMs, how: `${examples} with sparse kernels` }]),
        ...(compactMs === null
          ? []
          : [{ ratio: denseMs / compactMs, how: `${examples}, rebuilt without dead heads and neurons` }]),
      ]
    })
    .sort((a, b) => a.ratio - b.ratio)
  const [slowest, fastest] = [ways[0], ways.at(-1)]
  const promise = `in theory it could be ${theory.toFixed(1)} times as fast`
  if (!slowest || !fastest)
    return `This backend has no sparse kernels: ${share} sparse takes as long as dense, though ${promise}.`
  const [least, most] = [slowest.ratio.toFixed(1), fastest.ratio.toFixed(1)]
  const range = least === most ? `${most} times` : `${least} to ${most} times`
  if (fastest.ratio < noticeable)
    return `${share} sparse is not faster than dense on this device: ${range} as fast, though ${promise}.`
  const ends = least === most ? '' : ` (least: ${slowest.how}; most: ${fastest.how})`
  return `${share} sparse is ${range} as fast as dense on this device${ends}; ${promise}.`
}
