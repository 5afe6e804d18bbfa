import type { Experiment } from '../core/experiment'
import { Problem } from '../core/problem'
import { check, type Checked } from './check'
import { defaultExperiment } from './defaults'
import { openPreset } from './presets'
import { flatten } from './settings'

/**
 * The experiment of a JSON text: what `toJson` wrote, the `result.json` of a run, or only what differs from the default
 * experiment or from a preset: `{ "preset": "sst2-nano", "method": "snip", "method.sparsity": 0.9 }`.
 *
 * @throws Problem when it is not a JSON object or names an unknown preset
 */
export function fromJson(text: string): Checked {
  const settings = flatten(parse(text))
  const { preset, ...others } = settings
  return typeof preset === 'string' ? check(others, openPreset(preset)) : check(settings, defaultExperiment)
}

/** An experiment as a JSON file, every value written out. */
export function toJson(experiment: Experiment): string {
  return `${JSON.stringify(experiment, null, 2)}\n`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Problem(`The configuration is not JSON: ${reason}.`, 'Mend the file, or start from the JSON that "npm run sentinel -- link --json" prints.', { cause: error })
  }
}
