import type { Tensor } from '@tensorflow/tfjs'
import type { Trunk } from '../core/model'
import type { Learner } from '../core/objective'
import { Problem } from '../core/problem'

/** The parts of the model that learn. @throws Problem where it has none */
export function trunkOf({ model }: Learner): Trunk {
  if (model.trunk) return model.trunk
  throw new Problem(
    `The model ${model.label} has no blocks that could learn something before the task.`,
    'Choose a transformer, or random weights.',
    { about: 'model' },
  )
}

/** The parameter of that name; a miss is a mistake in the objective. */
export function parameter(params: Readonly<Record<string, Tensor>>, name: string): Tensor {
  const found = params[name]
  if (!found) throw new TypeError(`The objective asks for a tensor "${name}" that nobody lists.`)
  return found
}
