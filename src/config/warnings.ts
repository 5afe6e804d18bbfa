import type { Experiment } from '../core/experiment'
import { shownKnobs } from '../core/knob'
import { firstRunIn } from './firstRun'
import { plugin, runStartId } from './registries'

/**
 * Sentences about settings that are allowed but probably not meant, and what happens instead: shares of the run that
 * overlap, and what is wrong in the link of a run that is started from.
 */
export function warningsOf({ method: { id, values }, start }: Experiment): readonly string[] {
  const shown = shownKnobs(plugin('method', id).knobs, values)
  const share = (name: string) => (shown.includes(name) ? Number(values[name]) : NaN)
  const [begin, end, last, pretrain, search] = [
    share('begin'),
    share('end'),
    share('last'),
    share('pretrain'),
    share('search'),
  ]
  return [
    ...(begin > end
      ? [`Begin (${begin}) lies after End (${end}): everything is cut at once, at ${begin} of the run.`]
      : []),
    ...(begin + last > 1
      ? [
          `Begin (${begin}) and Last phase (${last}) are longer together than the run: the model is cut once, `
            + `at ${begin} of the run.`,
        ]
      : []),
    ...(pretrain + search > 1
      ? [
          `Pre-training (${pretrain}) and Search (${search}) are longer together than the run: `
            + 'nothing is left for fine-tuning.',
        ]
      : []),
    ...(start.id === runStartId
      ? firstRunIn(String(start.values.link)).notes.map((note) => `In the run that this one starts from: ${note}`)
      : []),
  ]
}
