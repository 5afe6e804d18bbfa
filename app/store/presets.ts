import { check } from '../../src/config/check'
import { defaultExperiment } from '../../src/config/defaults'
import { usualInput } from '../../src/config/cost'
import { canonical } from '../../src/config/identity'
import { alwaysRuns, layered, openPreset, presets } from '../../src/config/presets'
import { idsOf, plugin } from '../../src/config/registries'
import type { Experiment } from '../../src/core/experiment'

/** The preset with the seed and method of `experiment`, so that another size answers the same question. */
export function withPreset(experiment: Experiment, id: string): Experiment {
  const preset = Object.hasOwn(presets, id) ? presets[id] : undefined
  if (!preset) return experiment
  return check(layered(preset), { ...defaultExperiment, seed: experiment.seed, method: experiment.method }).experiment
}

/** Id of the preset that equals this experiment apart from seed and method; undefined for none. */
export function presetOf(experiment: Experiment): string | undefined {
  const asked = canonical(experiment)
  return Object.keys(presets).find((id) => canonical(withPreset(experiment, id)) === asked)
}

/** What can run where this experiment's data cannot be fetched: made data of the kind that its model reads. */
export function madeInstead({ model }: Experiment): (typeof alwaysRuns)['image' | 'text'] {
  return plugin('model', model.id).task === 'text' ? alwaysRuns.text : alwaysRuns.image
}

/** The first model that reads the other kind of data; null where this one reads any. */
export function otherModel({ model }: Experiment): string | null {
  const { task } = plugin('model', model.id)
  if (task === 'any') return null
  const wanted = task === 'image' ? 'text' : 'image'
  return idsOf('model').find((id) => plugin('model', id).task === wanted) ?? null
}

/** Data sets that are made on the spot. */
const made = new Set(Object.values(alwaysRuns).map(({ preset }) => openPreset(preset).data.id))

/** Whether the data of this experiment is made on the spot. */
export function isMade({ data }: Experiment): boolean {
  return made.has(data.id)
}

/** Real data, each set with the smallest preset on it and about how many bytes that fetches. */
export const realData = ['cifar10-nano', 'sst2-nano'].map((preset) => {
  const { id, values } = openPreset(preset).data
  const set = plugin('data', id)
  return { preset, label: set.label, bytes: set.download?.(values) ?? 0 }
})

/**
 * The largest preset of the same kind of data that would take at most `seconds`, judged by the time of the present run;
 * the cheapest one where none is that fast; null where nothing is cheaper. Who trains on data that is made here is not
 * sent to a download.
 */
export function smallerPreset(experiment: Experiment, secondsNow: number, seconds = 120): string | null {
  const now = cost(experiment)
  const own = plugin('data', experiment.data.id)
  const cheaper = Object.keys(presets)
    .filter((id) => {
      const data = plugin('data', withPreset(experiment, id).data.id)
      return data.task === own.task && ('download' in own || !('download' in data))
    })
    .map((id) => ({ id, cost: cost(withPreset(experiment, id)) }))
    .filter((preset) => preset.cost < now / 2)
    .sort((a, b) => b.cost - a.cost)
  const fitting = cheaper.find((preset) => (preset.cost / now) * secondsNow <= seconds)
  return (fitting ?? cheaper.at(-1))?.id ?? null
}

/** Multiply-adds of a run, up to a factor: weights of the blocks times tokens times examples. */
function cost({ data, model, training }: Experiment): number {
  const input = usualInput(data.id, data.values)
  const patch = typeof model.values.patch === 'number' ? model.values.patch : 32
  const side = Number(model.values.side ?? 0) || 32
  const tokens = input.task === 'text' ? input.length : (side / patch) ** 2
  try {
    const tensors = plugin('model', model.id)
      .tensors(model.values, input)
      .filter((tensor) => tensor.prunable)
    return (
      tensors.reduce((sum, t) => sum + t.shape.reduce((a, b) => a * b, 1), 0) * tokens * training.steps * training.batch
    )
  } catch {
    // Knobs that do not fit together cost nothing: such an experiment cannot run.
    return 0
  }
}
