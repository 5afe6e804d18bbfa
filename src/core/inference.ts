import type { LayerSparsity } from './trainer'

/** What a forward pass of one example multiplies: counted while the model runs, so that no model has to tell. */
export interface Work {
  /** Every linear layer: the name of its matrix, that matrix's weights, and the rows (tokens) that go through it. */
  readonly linear: readonly { readonly tensor: string; readonly size: number; readonly rows: number }[]
  /** Multiply-adds of attention: scores and mixing, 2 tokens^2 width a layer. No weight takes part, so pruning changes nothing. */
  readonly attention: number
}

/** Measured time of one forward pass. */
export interface Latency {
  /** Examples that go through at once. */
  readonly batch: number
  /** Median milliseconds with dense kernels, which multiply by zeros like by any number. */
  readonly denseMs: number
  /** Median milliseconds with sparse kernels in the layers where they measured faster; null where there are none to measure. */
  readonly prunedMs: number | null
  /** Layers that run sparse kernels in `prunedMs`, of those that are prunable. */
  readonly sparseLayers: number
  readonly prunableLayers: number
}

/** What an executor tells of forward passes. */
export interface ForwardCost {
  readonly work: Work
  readonly latency: readonly Latency[]
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
  /** What it comes to, in a sentence; says plainly when the pruned model is not faster. */
  readonly verdict: string
}

/** Ratios nearer to 1 than this are noise. */
const noticeable = 1.05

/**
 * Theory and measurement together.
 * @param layers the prunable tensors and what is left of them
 */
export function inferenceReport(work: Work, layers: readonly LayerSparsity[], parameters: number, latency: readonly Latency[]): InferenceReport {
  const pruned = layers.reduce((sum, l) => sum + l.size - l.kept, 0)
  const denseMultiplyAdds = multiplyAdds(work, [])
  const prunedMultiplyAdds = multiplyAdds(work, layers)
  const theoreticalSpeedup = denseMultiplyAdds / prunedMultiplyAdds
  return {
    compression: parameters / (parameters - pruned), denseMultiplyAdds, prunedMultiplyAdds, theoreticalSpeedup, latency,
    verdict: verdict(pruned / layers.reduce((sum, l) => sum + l.size, 0), theoreticalSpeedup, latency),
  }
}

/** Multiply-adds of one example; layers that are not listed are dense. */
export function multiplyAdds({ linear, attention }: Work, layers: readonly LayerSparsity[]): number {
  const left = new Map(layers.map(({ name, kept }) => [name, kept]))
  return linear.reduce((sum, { tensor, size, rows }) => sum + rows * (left.get(tensor) ?? size), attention)
}

function verdict(sparsity: number, theory: number, latency: readonly Latency[]): string {
  const share = `${(100 * sparsity).toFixed(1).replace(/\.0$/, '')} %`
  if (sparsity === 0) return 'Nothing is pruned, so there is nothing to gain.'
  const ratios = latency.flatMap(({ batch, denseMs, prunedMs }) => (prunedMs === null ? [] : [{ batch, ratio: denseMs / prunedMs }]))
  const best = ratios.reduce<{ batch: number; ratio: number } | null>((a, b) => (a && a.ratio >= b.ratio ? a : b), null)
  const promise = `in theory it could be ${theory.toFixed(1)} times as fast`
  if (!best) return `This backend has no sparse kernels: ${share} sparse takes as long as dense, though ${promise}.`
  if (best.ratio < noticeable) return `${share} sparse is not faster than dense on this device, though ${promise}.`
  const examples = best.batch === 1 ? 'one example' : `${best.batch} examples at once`
  return `${share} sparse is ${best.ratio.toFixed(1)} times as fast as dense for ${examples}; ${promise}.`
}
