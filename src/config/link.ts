import type { Experiment } from '../core/experiment'
import { check, type Checked } from './check'
import { defaultExperiment } from './defaults'
import { differences } from './differences'
import { linkVersion, migrate } from './migrations'
import { defaultRecipe, readRecipe, recipeKeys, recipeMethod, recipeSettings, type Recipe } from './recipe'
import { repairLink } from './repairLink'
import { isRoleKey, noRole, readRole, roleSettings, type Role } from './role'
import { describe, type Settings } from './settings'
import { fromTaskCode } from './taskText'

/**
 * A link is `#/v1?seed=3&data=sst2&method=snip&method.sparsity=0.8`: the version of this format, then what differs from
 * the default experiment or, where another plugin is chosen, from the defaults of its knobs.
 *
 * A link means the same experiment for ever. If you rename a knob or change a default, add a step to `migrations.ts`
 * that writes what the older version meant, and leave the links in `link.test.ts` as they are.
 */

/**
 * An experiment and, where the link holds them, the comparison to make on its data, model and training, and what the
 * page is to be for it.
 */
export interface OpenedLink extends Checked {
  readonly recipe?: Recipe
  readonly role?: Role
}

/** The link of an experiment, `#/v1` for the default one; with a recipe, of that comparison; with a role, for that. */
export function toLink(experiment: Experiment, recipe: Recipe | null = null, role: Role = noRole): string {
  const settings = {
    ...differences(experiment),
    ...(recipe ? recipeSettings(recipe) : {}),
    ...roleSettings(role),
  }
  const query = new URLSearchParams(Object.entries(settings).map(([key, value]) => [key, String(value)]))
  // A slash need not be escaped after a #, and escapes look like damage (`repairLink`).
  return query.size > 0 ? `#/v${linkVersion}?${query.toString().replaceAll('%2F', '/')}` : `#/v${linkVersion}`
}

/**
 * The experiment of a link: a hash, or a whole address that ends in one, even a damaged one. Never throws: a note says
 * what was mended, and what could not be used and became the nearest allowed value.
 */
export function fromLink(link: string): OpenedLink {
  const { hash, repairs } = repairLink(link)
  if (hash === '') return { experiment: defaultExperiment, notes: /^#?\/?$/.test(link.trim()) ? [] : [whyNone(link)] }
  const parsed = /^#\/v(\d{1,6})(?:\?(.*))?$/s.exec(hash)
  const version = Number(parsed?.[1] ?? 0)
  if (version < 1)
    return {
      experiment: defaultExperiment,
      notes: [`The link "${describe(hash, 120)}" is not one of an experiment. The default experiment is open.`],
    }
  const { settings, notes } = readQuery(parsed?.[2] ?? '')
  const [own, compared, forRole] = parted(migrate(settings, version))
  const checked = check(own, defaultExperiment)
  const asked =
    Object.keys(compared).length > 0 ? readRecipe(compared, defaultRecipe(recipeMethod(checked.experiment))) : undefined
  const asRole = readRole(decoded(forRole))
  const newer =
    version > linkVersion
      ? [
          `This link was made by a newer playground (v${version}, this one reads v${linkVersion}); `
            + 'what it does not know is left out.',
        ]
      : []
  const repaired = repairs.length > 0 ? [`The link was repaired: ${repairs.join('; ')}.`] : []
  return {
    experiment: checked.experiment,
    notes: [...repaired, ...newer, ...notes, ...checked.notes, ...(asked?.notes ?? []), ...asRole.notes],
    ...(asked ? { recipe: asked.recipe } : {}),
    ...(Object.keys(forRole).length > 0 ? { role: asRole.role } : {}),
  }
}

function whyNone(link: string): string {
  return (
    `The link "${describe(link.trim(), 120)}" holds no experiment: there is no # with settings after it. `
    + 'The default experiment is open.'
  )
}

/** Settings of the experiment, those of a comparison on it, and those of its role. */
function parted(settings: Settings): [Settings, Settings, Settings] {
  const keys: readonly string[] = Object.values(recipeKeys)
  const kindOf = (key: string) => (keys.includes(key) ? 'compared' : isRoleKey(key) ? 'role' : 'own')
  const of = (kind: string) => Object.fromEntries(Object.entries(settings).filter(([key]) => kindOf(key) === kind))
  return [of('own'), of('compared'), of('role')]
}

/** A link holds its task in a code. */
function decoded(settings: Settings): Settings {
  return typeof settings.task === 'string' ? { ...settings, task: fromTaskCode(settings.task) } : settings
}

function readQuery(query: string): { settings: Settings; notes: string[] } {
  const pairs = [...new URLSearchParams(query)]
  const settings = Object.fromEntries(pairs)
  const twice = Object.keys(settings).length < pairs.length
  return { settings, notes: twice ? ['The link gives a setting twice. The last value is used.'] : [] }
}
