/** What a run of any method promises on every backend: its exact count. */
import fc from 'fast-check'
import { candidatesOf } from '../core/candidates'
import type { Experiment } from '../core/experiment'
import type { Layout } from '../core/layout'
import { check } from './check'
import { defaultExperiment } from './defaults'
import { idsOf, knobsOf, methods, modelFor, parts, plugin } from './registries'

/**
 * Some methods, for tests in which all would take too long: before, during and after training, of single weights and of
 * units.
 */
export const oneOfEachKind = ['snip', 'sevenDyn', 'structured', 'movement', 'wanda']

/** The method's defaults, except that scoring before training is short and stripes fit a small model. */
export function quick(method: string): Readonly<Record<string, string | number>> {
  const knobs = methods[method]?.knobs ?? {}
  return {
    method,
    ...(knobs.batches ? { 'method.batches': 4 } : {}),
    ...(knobs.rounds ? { 'method.rounds': 2 } : {}),
    ...(knobs.stripe ? { 'method.stripe': 4 } : {}),
  }
}

export interface Promised {
  /** Weights left at the end of the run. */
  readonly kept: number
  /** Whether the method itself decides how many weights it keeps, so that `kept` is only a lower bound. */
  readonly outcome: boolean
  readonly prunable: number
}

/** What the experiment says of the end of its run on a model of this layout. */
export function promised({ method, training }: Experiment, layout: Layout): Promised {
  const recipe = plugin('method', method.id)
  const candidates = candidatesOf(layout, recipe.granularity?.(method.values))
  const plan = recipe.plan(method.values, training.steps)
  const kept = candidates.weights(
    candidates.groups(recipe.scope(method.values), recipe.target(method.values), plan.rounding),
  )
  if (recipe.cut) return { kept: 1, outcome: true, prunable: layout.prunableCount }
  return { kept, outcome: plan.threshold !== undefined, prunable: layout.prunableCount }
}

/** Random ids, seed, and values of every knob. */
export function anyExperiment(): fc.Arbitrary<Experiment> {
  const value = (experiment: Experiment) =>
    fc.record(
      Object.fromEntries(
        [...parts, 'training' as const].flatMap((section) =>
          Object.entries(knobsOf(experiment, section)).map(
            ([name, knob]) =>
              [
                `${section}.${name}`,
                knob.kind === 'number'
                  ? knob.integer
                    ? fc.integer({ min: knob.min, max: knob.max })
                    : fc.double({ min: knob.min, max: knob.max, noNaN: true })
                  : knob.kind === 'choice'
                    ? fc.constantFrom(...Object.keys(knob.options))
                    : knob.kind === 'word'
                      ? fc.constantFrom(knob.default, 'v1.0')
                      : fc.boolean(),
              ] as const,
          ),
        ),
      ),
    )
  return fc
    .record({
      seed: fc.nat(),
      data: fc.constantFrom(...idsOf('data')),
      model: fc.constantFrom(...idsOf('model')),
      method: fc.constantFrom(...idsOf('method')),
    })
    .map((ids) => ({ ...ids, model: modelFor(ids.data, ids.model) }))
    .chain((ids) =>
      value(check(ids, defaultExperiment).experiment).map(
        (values) => check({ ...ids, ...values }, defaultExperiment).experiment,
      ),
    )
}
