import type { Method } from '../core/method'
import { idsOf, plugin } from './registries'

/** Groups in the order in which a reader meets them; one that is not named here comes last. */
const order: readonly Method['group'][] = [
  'control',
  'before training',
  'during training',
  'after training',
  'structured',
  'input-dependent',
  'rounds',
  'frozen weights',
]

/** Methods of one group, by the group's name as a heading. */
export interface MethodGroup {
  readonly title: string
  readonly ids: readonly string[]
}

/** Every method under its group. */
export function methodGroups(): readonly MethodGroup[] {
  const byGroup = new Map<string, string[]>(order.map((name) => [name, []]))
  for (const id of idsOf('method')) {
    const { group } = plugin('method', id)
    byGroup.set(group, [...(byGroup.get(group) ?? []), id])
  }
  return [...byGroup]
    .filter(([, ids]) => ids.length > 0)
    .map(([name, ids]) => ({ title: name.charAt(0).toUpperCase() + name.slice(1), ids }))
}
