import { deflated } from '../../core/deflated'
import type { Examples } from '../../core/dataset'
import { sizeReport, type Extent, type SizedTensor } from '../../core/sizes'
import type { Placed } from '../../core/layout'
import type { RunResult } from '../../core/trainer'
import { measureHeld } from './evaluator'
import type { Executor } from '../executor/executor'
import { asInt8, int8Tensor, type Int8Tensor } from './int8'
import type { SavedTensor } from './savedTensor'

/**
 * What the model takes to store as it is, and how well it does with its weights in 8 bits (activations and sums stay in
 * 32 bits). Nothing of the run changes.
 * @param tensors of the executor as they are saved, folded ones left out
 * @param batch examples of a batch
 */
export async function measureSizes(
  executor: Executor,
  examples: Examples,
  batch: number,
  tensors: readonly SavedTensor[],
): Promise<Required<Pick<RunResult, 'sizes' | 'quantized'>>> {
  const { layout } = executor
  const saved = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const stored = layout.tensors.flatMap((spec) => storedTensors(saved.get(spec.name), spec))
  const weights = new Float32Array(layout.length)
  // Factors that were folded into matrices are back at 1.
  for (const { name, offset, size, init } of layout.tensors) {
    weights.set(
      saved.get(name)?.values ?? new Float32Array(size).fill(init.kind === 'constant' ? init.value : 0),
      offset,
    )
  }
  const [f32, int8] = [await deflatedExtent(stored, floatsOf), await deflatedExtent(stored, codesOf)]
  const quantized = await executor.withWeights(asInt8(weights, layout), () => measureHeld(executor, examples, batch))
  return {
    sizes: sizeReport(
      stored.map(({ sized }) => sized),
      { f32, int8 },
    ),
    quantized,
  }
}

interface Stored {
  readonly sized: SizedTensor
  readonly tensor: SavedTensor
  readonly coded: Int8Tensor | null
}

function storedTensors(tensor: SavedTensor | undefined, spec: Placed): Stored[] {
  if (!tensor) return []
  const coded = int8Tensor(tensor, spec)
  const int8 = coded && { nonzero: nonzero(coded.codes), scales: coded.scales.length }
  return [
    { tensor, coded, sized: { prunable: spec.prunable, shape: spec.shape, nonzero: nonzero(tensor.values), int8 } },
  ]
}

function nonzero(values: Float32Array | Int8Array): number {
  let count = 0
  for (const value of values) if (value !== 0) count++
  return count
}

function floatsOf({ tensor }: Stored): ArrayBufferView[] {
  return [tensor.values]
}

function codesOf({ tensor, coded }: Stored): ArrayBufferView[] {
  return coded ? [coded.codes, coded.scales] : [tensor.values]
}

async function deflatedExtent(
  stored: readonly Stored[],
  bytesOf: (stored: Stored) => ArrayBufferView[],
): Promise<Extent> {
  const prunable = stored.filter(({ sized }) => sized.prunable)
  return {
    prunable: (await deflated(prunable.flatMap(bytesOf))).length,
    all: (await deflated(stored.flatMap(bytesOf))).length,
  }
}
