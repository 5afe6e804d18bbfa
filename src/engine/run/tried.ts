import type { Examples } from '../../core/dataset'
import type { Experiment } from '../../core/experiment'
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
  const subject = { executor, examples, size: experiment.training.batch, patch: patchOf(experiment, examples) }
  const found = await attempted(subject, asked)
  if (!found.answer) return found
  const { index } = found.answer
  const same: Attempt = index === null ? asked : { kind: 'held', index, attention: asked.attention }
  const answerWith = async (weights: Float32Array<ArrayBuffer>) =>
    (await executor.withWeights(weights, () => attempted(subject, same))).answer
  const { weights } = evaluator.answered
  const before = weights && (await answerWith(weights))
  const further = asked.further === undefined ? null : await answerWith(await furtherPruned(executor, asked.further))
  return { ...found, ...(before ? { before } : {}), ...(further ? { further } : {}) }
}

/** Side of a patch in pixels of the example, which the model may read scaled; undefined where it cuts none. */
function patchOf({ model: { values } }: Experiment, { input }: Examples): number | undefined {
  const patch = Number(values['patch'])
  if (!patch || input.task !== 'image') return undefined
  const scaled = Number(values['side'] ?? 0)
  return scaled ? (patch * input.shape[0]) / scaled : patch
}

/** Held-out examples of a session by their numbers, for `Trainer.seen`. */
export function seen({ examples }: Session, indices: readonly number[]): readonly Seen[] {
  return indices.map((index) => seenExample(examples, index))
}
