import { methodGroups } from '../../src/config/methodGroups'
import { plugin } from '../../src/config/registries'

/** Every method under its group, as the picker shows and finds it: by label, authors, description and id. */
export const pickableMethods = methodGroups().map(({ title, ids }) => ({
  name: title,
  options: ids.map((id) => {
    const { label, cite, about } = plugin('method', id)
    return { id, label, detail: cite.split(/[;,]/)[0] ?? '', about: `${cite} ${about}` }
  }),
}))
