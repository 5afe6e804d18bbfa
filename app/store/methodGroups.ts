import { idsOf, plugin } from '../../src/config/registries'

/** An entry of the method picker, found by any of its words. */
interface Entry {
  readonly id: string
  readonly label: string
  readonly detail: string
  readonly about: string
}

/** Groups in the order in which a reader meets them; one that is not named here comes last. */
const order = ['control', 'before training', 'during training', 'after training']

/** Every method under its group. */
export const methodGroups: readonly { readonly name: string; readonly options: readonly Entry[] }[] = groups()

function groups() {
  const byGroup = new Map<string, Entry[]>(order.map((name) => [name, []]))
  for (const id of idsOf('method')) {
    const { group, label, cite, about } = plugin('method', id)
    byGroup.set(group, [...byGroup.get(group) ?? [], { id, label, detail: cite.split(/[;,]/)[0] ?? '', about: `${cite} ${about}` }])
  }
  return [...byGroup].filter(([, options]) => options.length > 0).map(([name, options]) => ({ name: name.charAt(0).toUpperCase() + name.slice(1), options }))
}
