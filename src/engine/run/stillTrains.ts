import { Problem } from '../../core/problem'

/** The answer of whoever needs weights that stay as they are, while a run trains. */
export const stillTrains = {
  problem: new Problem('The run trains, and its weights change.', 'Pause it, or wait for its end.').toJSON(),
}
