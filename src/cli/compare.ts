import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from '../config/comparison'
import { familyLabel } from '../config/familyLabel'
import { fromJson } from '../config/json'
import { toLink, type OpenedLink } from '../config/link'
import { measuresOf } from '../config/measures'
import { sparsityName } from '../config/methodLabel'
import {
  defaultRecipe,
  plannedRuns,
  readRecipe,
  recipeKeys,
  recipeMethod,
  type CheckedRecipe,
  type Recipe,
} from '../config/recipe'
import type { Settings } from '../config/settings'
import { toLatex } from '../config/latex'
import { toCsv, toMarkdown, toRunsCsv } from '../config/takeaway'
import { messageOf, Problem } from '../core/problem'
import type { Evaluation, RunResult } from '../core/trainer'
import { readSets } from './configuration'
import { tryFolder } from './output'
import { checkFiles, ownFiles, type OwnFiles } from './ownFiles'
import type { Screen } from './screen'
import { isFinished, runFolder } from './result'
import { runExperiment, type RunOptions } from './run'
import { clearAsides, writeWhole } from './writeWhole'

/** The options of a comparison; a list that is left out comes from the link, else from the default comparison. */
export interface CompareLists {
  /** `--set`, whose keys are known to exist. */
  readonly set?: readonly string[]
  readonly methods?: string
  readonly sparsities?: string
  readonly seeds?: string
}

/**
 * What is to be compared, and one sentence for each part that means something else. @throws Problem for an entry of a
 * typed list that cannot be used, for hours of runs without it would be lost, and for a `--set` of what lists decide
 */
export function recipeOf(
  { experiment, recipe }: OpenedLink,
  { set = [], methods, sparsities, seeds }: CompareLists,
): CheckedRecipe {
  requireEffect(readSets(set), methods !== undefined || recipe !== undefined)
  const typed = { [recipeKeys.methods]: methods, [recipeKeys.sparsities]: sparsities, [recipeKeys.seeds]: seeds }
  return readRecipe(typed, recipe ?? defaultRecipe(recipeMethod(experiment)), (list, what) => {
    throw new Problem(what, `Correct --${list}.${list === 'methods' ? methodsFix : ''}`)
  })
}

const methodsFix = ' "npm run sentinel -- methods" lists methods and their knobs.'

function requireEffect(settings: Settings, methodsListed: boolean): void {
  for (const [key, value] of Object.entries(settings)) {
    const fix = listFor(key, String(value), methodsListed)
    if (fix)
      throw new Problem(
        `--set ${key}=${String(value)} changes nothing in a comparison, which lists methods, sparsities and seeds.`,
        fix,
      )
  }
}

/** The option for a setting that the recipe decides; null for a setting of the experiment. */
function listFor(key: string, value: string, methodsListed: boolean): string | null {
  if (key === 'seed') return `Write --seeds ${value}.`
  if (key === `method.${sparsityName}`) return `Write --sparsities ${value}.`
  if (methodsListed && key.startsWith('method'))
    return 'Write methods and their knobs into --methods, for example --methods snip,magnitude:schedule=once.'
  return null
}

/**
 * Makes every run of the recipe that is not finished in `options.out`, one folder a run, and writes `table.md`,
 * `table.tex`, `table.csv` (means) and `runs.csv` after each. A run that fails is left out, and the others are still
 * made.
 * @throws Problem that says how many runs failed; and before the first run, where results could not be written
 */
export async function compare(
  opened: OpenedLink,
  recipe: Recipe,
  options: RunOptions,
  screen: Screen,
  signal: AbortSignal,
): Promise<'finished' | 'interrupted'> {
  tryFolder('--out', options.out)
  const planned = plannedRuns(recipe, opened.experiment)
  checkFiles(options.files, opened.experiment)
  const files = await ownFiles(options.files)
  const failures: string[] = []
  for (const [i, { experiment }] of planned.entries()) {
    screen.write(`${i + 1} of ${planned.length}: `)
    const outcome = await runExperiment(experiment, options, screen, signal).catch((error: unknown) => {
      screen.line(messageOf(error))
      failures.push(toLink(experiment))
      return 'failed' as const
    })
    if (outcome === 'interrupted') return 'interrupted'
    writeTables(opened, recipe, options.out, files)
  }
  endComparison(planned.length, failures, options.out, screen)
  return 'finished'
}

/** Says where the tables are. @throws Problem where runs failed, whose links these are */
export function endComparison(planned: number, failures: readonly string[], out: string, screen: Screen): void {
  screen.line(`Wrote ${['table.md', 'table.tex', 'table.csv', 'runs.csv'].map((name) => join(out, name)).join(', ')}`)
  if (failures.length > 0)
    throw new Problem(
      `${failures.length} of ${planned} runs failed and are not in the tables: ${failures.join(', ')}.`,
      'See what each said above, change the recipe, and run the command again: it makes only what is missing.',
    )
}

/** Writes the tables of the runs that are finished in `out`. */
export function writeTables(opened: OpenedLink, recipe: Recipe, out: string, files: OwnFiles | null): void {
  const outcomes = plannedRuns(recipe, opened.experiment).flatMap(
    ({ runId }) => readOutcome(runFolder(out, runId, files), runId) ?? [],
  )
  const heading = { title: familyLabel(opened.experiment), link: toLink(opened.experiment, recipe) }
  clearAsides(out)
  writeWhole(out, 'table.md', toMarkdown(outcomes, heading))
  writeWhole(out, 'table.tex', toLatex(outcomes, heading))
  writeWhole(out, 'table.csv', toCsv(outcomes))
  writeWhole(out, 'runs.csv', toRunsCsv(outcomes))
}

/** What `result.json` says of a finished run; null where the run did not come to its end. */
export function readOutcome(folder: string, runId: string): Outcome | null {
  if (!isFinished(folder, runId)) return null
  const text = readFileSync(join(folder, 'result.json'), 'utf8')
  const result = JSON.parse(text) as RunResult & { readonly environment?: { readonly commit?: string | null } }
  const { evaluations, kept, prunable, parameters, majority, held, inference } = result as Omit<
    RunResult,
    'majority' | 'held'
  >
    & Partial<Pick<RunResult, 'majority' | 'held'>>
  const accuracy = (moment: Evaluation['moment']) => evaluations.findLast((e) => e.moment === moment)?.accuracy ?? null
  const end = accuracy('end')
  if (end === null) return null
  return {
    runId,
    experiment: fromJson(text).experiment,
    end,
    pruned: accuracy('pruned'),
    kept,
    prunable,
    parameters,
    majority: majority ?? null,
    held: held ?? null,
    speedup: inference?.theoreticalSpeedup ?? null,
    measures: measuresOf(result),
    made: {
      backend: result.backend.backend,
      device: result.backend.device,
      data: result.source.sha256 ?? '',
      commit: result.environment?.commit ?? '',
    },
  }
}
