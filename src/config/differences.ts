import type { Experiment } from '../core/experiment'
import { defaults } from '../core/knob'
import { defaultExperiment } from './defaults'
import { modelFor, plugin, type Part } from './registries'
import type { Settings } from './settings'

/** What differs from the default experiment; the part of a link after the question mark. */
export function differences(experiment: Experiment): Settings {
  const { seed, data } = experiment
  return {
    ...(seed === defaultExperiment.seed ? {} : { seed }),
    ...changes('data', experiment, data.id !== defaultExperiment.data.id),
    ...changes('model', experiment, experiment.model.id !== modelFor(data.id, defaultExperiment.model.id)),
    ...changes('start', experiment, experiment.start.id !== defaultExperiment.start.id),
    ...changes('method', experiment, experiment.method.id !== defaultExperiment.method.id),
    ...changed('training', experiment.training, defaultExperiment.training),
  }
}

function changes(part: Part, experiment: Experiment, named: boolean): Settings {
  const { id, values } = experiment[part]
  const usual = id === defaultExperiment[part].id ? defaultExperiment[part].values : defaults(plugin(part, id).knobs)
  return { ...(named ? { [part]: id } : {}), ...changed(part, values, usual) }
}

function changed(section: string, values: Settings, usual: Settings): Settings {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name, value]) => value !== usual[name])
      .map(([name, value]) => [`${section}.${name}`, value]),
  )
}
