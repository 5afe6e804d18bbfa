/** An option of a picker. */
export interface PickerOption {
  readonly id: string
  readonly label: string
  /** A few words beside the label. */
  readonly detail: string
  /** Other words by which it can be found. */
  readonly about: string
}

/** Options under a heading. */
export interface PickerGroup {
  readonly name: string
  readonly options: readonly PickerOption[]
}

/**
 * Options that hold every word of the query in label, detail, description, id or group, under their groups; letter case
 * does not matter.
 */
export function matching(groups: readonly PickerGroup[], query: string): readonly PickerGroup[] {
  const words = wordsOf(query)
  return groups
    .map(({ name, options }) => ({
      name,
      options: options.filter((option) => words.every((word) => textOf(option, name).includes(word))),
    }))
    .filter((group) => group.options.length > 0)
}

/** The option that is most likely meant: its label or id begins with the query, else holds it, else the first one. */
export function bestOf(groups: readonly PickerGroup[], query: string): PickerOption | undefined {
  const options = groups.flatMap((group) => group.options)
  const asked = query.trim().toLowerCase()
  const named = (test: (text: string) => boolean) =>
    options.find(({ id, label }) => test(label.toLowerCase()) || test(id.toLowerCase()))
  return named((text) => text.startsWith(asked)) ?? named((text) => text.includes(asked)) ?? options[0]
}

function wordsOf(query: string): string[] {
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
}

function textOf({ id, label, detail, about }: PickerOption, group: string): string {
  return [id, label, detail, about, group].join(' ').toLowerCase()
}
