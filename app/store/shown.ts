import { familyLabel } from '../../src/config/familyLabel'
import { toLink } from '../../src/config/link'
import type { Recipe } from '../../src/config/recipe'
import type { Experiment } from '../../src/core/experiment'
import { families, familyKey, type Family } from './comparison'
import { ownFiles } from './ownFiles'
import { possibleRuns } from './queue'
import type { Asked } from './run'
import type { KeptRun } from './runs'

/** Runs that are compared with each other. */
export interface Shown {
  /** Key of the family of the runs, also while it has no runs. */
  readonly family: string
  readonly title: string
  /** A link that repeats the runs, or the newest of them where they belong to no recipe. */
  readonly link: string
  readonly runs: readonly KeptRun[]
  /** What may be chosen, as value and text; the one that is shown. */
  readonly options: readonly (readonly [string, string])[]
  readonly value: string
}

/** What there is to choose from. */
export interface Choosing {
  readonly runs: readonly KeptRun[]
  /** Key of a family, `recipe`, or null for the usual choice. */
  readonly chosen: string | null
  readonly asked: Asked | null
  readonly recipe: Recipe | null
  readonly experiment: Experiment
  readonly files: readonly File[]
}

/** The recipe's runs where there is a recipe, else the family of the run that is open, else the newest one. */
export function shownOf({ runs, chosen, asked, recipe, experiment, files }: Choosing): Shown {
  const all = families(runs)
  const own: readonly (readonly [string, string])[] = recipe ? [['recipe', 'The comparison below']] : []
  const options = [...own, ...all.map(({ key, label }) => [key, label] as const)]
  if (recipe && (chosen === null || chosen === 'recipe')) {
    const planned = new Set(possibleRuns(recipe, experiment, files).map((run) => run.runId))
    const made = runs.filter((run) => planned.has(run.runId))
    return {
      family: familyKey(experiment, ownFiles(experiment, files)),
      title: familyLabel(experiment),
      link: toLink(experiment, recipe),
      runs: made,
      options,
      value: 'recipe',
    }
  }
  const wanted = chosen ?? (asked && familyKey(asked.experiment, ownFiles(asked.experiment, asked.files)))
  const family: Family | undefined =
    all.find((f) => f.key === wanted) ?? (chosen === null && wanted ? undefined : all[0])
  const newest = family?.runs.at(-1)?.experiment ?? asked?.experiment ?? experiment
  return {
    family: family?.key ?? wanted ?? '',
    title: family?.label ?? (asked ? familyLabel(asked.experiment) : ''),
    link: toLink(newest),
    runs: family?.runs ?? [],
    options,
    value: family?.key ?? '',
  }
}
