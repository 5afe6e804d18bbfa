import type { Attempt, Attempted } from '../../core/attempt'
import { attempted } from '../measures/attempted'
import type { Session } from './session'

/** What the model of a session makes of an example, for `Trainer.attempt`. */
export function tried({ executor, examples, experiment }: Session, asked: Attempt): Promise<Attempted> {
  const { patch } = experiment.model.values
  const subject = { executor, examples, size: experiment.training.batch, patch: Number(patch) || undefined }
  return attempted(subject, asked)
}
