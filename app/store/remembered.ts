import type { Experiment } from '../../src/core/experiment'

/**
 * The same function, which works its answer out once for each experiment. Such answers are asked for at every event of
 * a run and whenever panels are drawn, and an experiment never changes in place.
 */
export function remembered(of: (experiment: Experiment) => string): (experiment: Experiment) => string {
  const answers = new WeakMap<Experiment, string>()
  return (experiment) => {
    const answer = answers.get(experiment) ?? of(experiment)
    answers.set(experiment, answer)
    return answer
  }
}
