import { Problem } from '../../core/problem'
import type { Packed } from '../../core/packed'
import { zipOf } from '../../hub/zipOf'
import { exportOf } from './exportOf'
import type { Session } from './session'

/** The model of a session for `Trainer.forPyTorch`. */
export async function packed(session: Session): Promise<Packed> {
  const { experiment, examples, executor } = session
  try {
    const tensors = await session.tensors()
    return { zip: zipOf(await exportOf(experiment, examples, tensors, (batch) => executor.evaluate([batch]))) }
  } catch (error) {
    return { problem: Problem.from(error).toJSON() }
  }
}
