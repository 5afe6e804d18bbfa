import { check } from '../config/check'
import { defaultExperiment } from '../config/defaults'
import { runId } from '../config/identity'
import { toLink } from '../config/link'
import { idsOf, parts, type Part } from '../config/registries'
import type { Experiment } from '../core/experiment'
import { Problem } from '../core/problem'

/** An experiment as it was written down; the first ones name no start, which is random weights. */
type Frozen = Omit<Experiment, 'start'> & Partial<Pick<Experiment, 'start'>>

/** A link that people may have saved, and what it opens for good. */
export interface FrozenLink {
  readonly link: string
  /** Run id. */
  readonly id: string
  readonly opens: Frozen
}

/** Links for the plugins that no frozen link opens yet, one each. */
export function missingLinks(frozen: readonly FrozenLink[]): (FrozenLink & { readonly opens: Experiment })[] {
  return parts.flatMap((part) => {
    const known = new Set(frozen.map(({ opens }) => (opens[part] ?? defaultExperiment[part]).id))
    return idsOf(part)
      .filter((id) => !known.has(id))
      .map((id) => frozenLink(withPlugin(part, id)))
  })
}

/** As `src/config/links.json` is written: a link a line. */
export function frozenText(frozen: readonly FrozenLink[]): string {
  return `[\n${frozen.map((entry) => `  ${JSON.stringify(entry)}`).join(',\n')}\n]\n`
}

function frozenLink(opens: Experiment) {
  return { link: toLink(opens), id: runId(opens), opens }
}

/** The default experiment with a plugin, on the first data that go with it. @throws Problem where there are none */
function withPlugin(part: Part, id: string): Experiment {
  for (const data of [defaultExperiment.data.id, ...idsOf('data')]) {
    const { experiment, notes } = check({ data, [part]: id }, defaultExperiment)
    if (notes.length === 0) return experiment
  }
  throw new Problem(`The ${part} "${id}" goes with no data set.`, 'Add the data set that it is for first.')
}
