import type { Attempt, Attempted, Seen } from '../../core/attempt'
import { attempted, seenExample } from '../measures/attempted'
import type { Session } from './session'

/** What the model of a session makes of an example, for `Trainer.attempt`. */
export function tried({ executor, examples, experiment }: Session, asked: Attempt): Promise<Attempted> {
  const { patch } = experiment.model.values
  const subject = { executor, examples, size: experiment.training.batch, patch: Number(patch) || undefined }
  return attempted(subject, asked)
}

/** Held-out examples of a session by their numbers, for `Trainer.seen`. */
export function seen({ examples }: Session, indices: readonly number[]): readonly Seen[] {
  return indices.map((index) => seenExample(examples, index))
}
