import { choice, integer, number } from '../core/knob'

/** Settings of every start that trains the model on something else first. */
export const pretrainingKnobs = {
  steps: integer('Steps before', 4000, [10, 200_000], {
    scale: 'log',
    unit: 'steps',
    help: 'Steps of training before the task. The weights are kept, and made once for all runs that start so.',
  }),
  rate: number('Rate before', 1e-3, [1e-5, 1e-1], {
    scale: 'log',
    help: "AdamW's rate at its peak. It rises for a tenth of the steps, then falls to 0.",
  }),
  batch: integer('Batch before', 64, [1, 512], { scale: 'log', unit: 'examples', help: 'Examples a step.' }),
  examples: choice(
    'Examples before',
    'all',
    { all: 'All of the data set', task: 'Those of the task' },
    { help: 'No label is read, so examples that the task leaves out can be used.' },
  ),
  seed: integer('Seed before', 1, [0, 2 ** 31 - 1], {
    help: 'Starts the random numbers of this training alone, so that runs with other seeds share its weights.',
  }),
} as const

/** How a step lasts, as `Pretraining` has it. */
export function paceOf(values: {
  readonly steps: number
  readonly rate: number
  readonly batch: number
  readonly examples: string
  readonly seed: number
}) {
  const { steps, rate, batch, examples, seed } = values
  return { steps, rate, batch, seed, all: examples === 'all' }
}
