import type { Attempt, Attempted, Seen } from '../../core/attempt'
import { attempted, seenExample } from '../measures/attempted'
import type { Session } from './session'

/**
 * What the model of a session makes of an example, for `Trainer.attempt`, and what it made of it before its first mask
 * change, where those weights are held.
 */
export async function tried(
  { executor, examples, experiment, evaluator }: Session,
  asked: Attempt,
): Promise<Attempted> {
  const { patch } = experiment.model.values
  const subject = { executor, examples, size: experiment.training.batch, patch: Number(patch) || undefined }
  const found = await attempted(subject, asked)
  const { weights } = evaluator.answered
  if (!found.answer || !weights) return found
  const { index } = found.answer
  const same: Attempt = index === null ? asked : { kind: 'held', index }
  const { answer: before } = await executor.withWeights(weights, () => attempted(subject, same))
  return before ? { ...found, before } : found
}

/** Held-out examples of a session by their numbers, for `Trainer.seen`. */
export function seen({ examples }: Session, indices: readonly number[]): readonly Seen[] {
  return indices.map((index) => seenExample(examples, index))
}
