import type { Examples } from '../../core/dataset'
import { heldBatches, makeBatch, type Batch } from '../../data/batches'
import type { Executor } from '../executor/executor'

/** Logits of the held-out examples, [examples, classes] row by row, with padding rows. */
export function heldLogits(
  executor: Executor,
  examples: Examples,
  size: number,
  attacked = false,
): Promise<Float32Array> {
  return executor.evaluate(batchesOf(examples, size), attacked)
}

function* batchesOf(examples: Examples, size: number): Iterable<Batch> {
  const reader = heldBatches(examples, size)
  const batch = makeBatch(examples, size)
  for (let i = 0; i < reader.batches; i++) {
    reader.readHeld(i, batch)
    yield batch
  }
}
