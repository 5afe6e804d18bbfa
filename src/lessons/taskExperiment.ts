import { check } from '../config/check'
import { openPreset } from '../config/presets'
import type { Experiment } from '../core/experiment'
import type { Task } from './lesson'

const made = new WeakMap<Task, Experiment>()

/** The experiment of a task: shapes that every machine learns in a minute. */
export function taskExperiment(task: Task): Experiment {
  const known = made.get(task) ?? check(task.settings, openPreset('shapes-quick')).experiment
  made.set(task, known)
  return known
}
