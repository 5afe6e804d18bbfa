/**
 * The id that a name which people write stands for: the id itself or the label that the page shows, in any case; null
 * for none, and where it could be several.
 * @param labels what is shown, by id
 */
export function idNamed(labels: Readonly<Record<string, string>>, name: string): string | null {
  if (Object.hasOwn(labels, name)) return name
  const meant = plainly(name)
  const found = Object.entries(labels).filter((known) => known.some((text) => plainly(text) === meant))
  return meant !== '' && found.length === 1 ? (found[0]?.[0] ?? null) : null
}

/** Without case, spaces, dashes and brackets. */
export function plainly(name: string): string {
  return name.replace(/[\s_()-]/g, '').toLowerCase()
}
