import { start } from '../core/start'

/** Random weights: what every run began with before there were other starts. */
export const scratch = start({
  label: 'Random weights',
  about: 'Random numbers, as the model draws them.',
  cite: 'As the model says',
  task: 'any',
  knobs: {},
})
