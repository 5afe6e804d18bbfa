import { check } from '../../src/config/check'
import { fromLink, type OpenedLink } from '../../src/config/link'
import { alwaysRuns, openPreset } from '../../src/config/presets'
import { plugin, type Part } from '../../src/config/registries'
import type { Experiment } from '../../src/core/experiment'
import type { KnobValue } from '../../src/core/knob'

/** The experiment that the next Start runs, and what had to be changed to make it a valid one. */
export interface SetupState {
  readonly experiment: Experiment
  /** For a data set of the user's own files, or a vocab.txt. */
  readonly files: readonly File[]
  /** One sentence for each value of a link or file that could not be used as given. */
  readonly notes: readonly string[]
  /** The same for the last change made by hand. */
  readonly adjusted: readonly string[]
}

/** A section of knobs: a plugin's, or training's. */
export type Section = Part | 'training'

/** What the page opens without a link: something that runs at once on every machine, without a network. */
export const initialSetup: SetupState = {
  experiment: openPreset(alwaysRuns.image.preset),
  files: [],
  notes: [],
  adjusted: [],
}

/** What an address's hash opens; an empty one is no link. */
export function opened(hash: string): OpenedLink {
  return /^#?\/?$/.test(hash) ? { experiment: initialSetup.experiment, notes: [] } : fromLink(hash)
}

/**
 * Another data set, model or method, with its default knobs. With data of another task the model changes to one that
 * can read it.
 */
export function choosePlugin(setup: SetupState, part: Part, id: string): SetupState {
  return changed(setup, { [part]: id })
}

/** One knob, brought into its range. */
export function setKnob(setup: SetupState, section: Section, name: string, value: KnobValue): SetupState {
  return changed(setup, { [`${section}.${name}`]: value })
}

/** The seed, a whole number from 0 to 2^31 - 1. */
export function setSeed(setup: SetupState, seed: number): SetupState {
  return changed(setup, { seed })
}

/** The knob values of one of the model's named sizes. */
export function applySize(setup: SetupState, size: string): SetupState {
  const { id } = setup.experiment.model
  const values = plugin('model', id).sizes[size] ?? {}
  return changed(setup, Object.fromEntries(Object.entries(values).map(([name, value]) => [`model.${name}`, value])))
}

/** A whole experiment: of a preset, of an earlier run. */
export function restore(setup: SetupState, experiment: Experiment): SetupState {
  return { ...setup, experiment, notes: [], adjusted: [] }
}

function changed(setup: SetupState, settings: Readonly<Record<string, unknown>>): SetupState {
  const { experiment, notes } = check(settings, setup.experiment)
  return { ...setup, experiment, adjusted: notes }
}
