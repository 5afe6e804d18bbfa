import type { Experiment } from '../core/experiment'
import { isWord } from '../core/knob'
import { check, type Checked } from './check'
import { defaultExperiment } from './defaults'
import { differences } from './differences'
import { readLinkWord, toLinkWord } from './linkWord'
import { linkVersion, migrate } from './migrations'
import { plugin, readsFiles, runStartId } from './registries'

/** The experiment in the link of a start from a run (`src/starts/run.ts`), with a note for what had to be changed. */
export function firstRunIn(word: string): Checked {
  const { version, settings } = readLinkWord(word)
  return check(migrate(settings, version), defaultExperiment)
}

/** The run whose weights an experiment starts from; null where it starts from none. */
export function firstRunOf({ start }: Pick<Experiment, 'start'>): Experiment | null {
  return start.id === runStartId ? firstRunIn(String(start.values.link)).experiment : null
}

/** The same experiment, but that it starts from the weights of a run; or one sentence on why that cannot be. */
export function startingFrom(run: Experiment): Experiment | string {
  if (readsFiles(run)) return 'It read files of yours, which no link holds: download its weights and start from them.'
  const link = toLinkWord(linkVersion, differences(run))
  const knob = plugin('start', runStartId).knobs.link
  return knob?.kind === 'word' && isWord(knob, link)
    ? { ...run, start: { id: runStartId, values: { link } } }
    : 'Its link is too long to stand in another one: download its weights and start from them.'
}
