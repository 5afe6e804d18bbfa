import type { Attempt, Attempted, Seen } from '../../core/attempt'
import { attempted, seenExample } from '../measures/attempted'
import { furtherPruned } from '../measures/furtherPruned'
import type { Session } from './session'

/**
 * What the model of a session makes of an example, for `Trainer.attempt`, and what it made of it before its first mask
 * change, where those weights are held. The run stays as it is, to the bit.
 */
export async function tried(
  { executor, examples, experiment, evaluator }: Session,
  asked: Attempt,
): Promise<Attempted> {
  const { patch } = experiment.model.values
  const subject = { executor, examples, size: experiment.training.batch, patch: Number(patch) || undefined }
  const found = await attempted(subject, asked)
  if (!found.answer) return found
  const { index } = found.answer
  const same: Attempt = index === null ? asked : { kind: 'held', index }
  const answerWith = async (weights: Float32Array<ArrayBuffer>) =>
    (await executor.withWeights(weights, () => attempted(subject, same))).answer
  const { weights } = evaluator.answered
  const before = weights && (await answerWith(weights))
  const further = asked.further === undefined ? null : await answerWith(await furtherPruned(executor, asked.further))
  return { ...found, ...(before ? { before } : {}), ...(further ? { further } : {}) }
}

/** Held-out examples of a session by their numbers, for `Trainer.seen`. */
export function seen({ examples }: Session, indices: readonly number[]): readonly Seen[] {
  return indices.map((index) => seenExample(examples, index))
}
