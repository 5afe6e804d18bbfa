/** Characters of a link that every program takes; some cut off what is longer. */
export const longestLink = 2000

/**
 * What makes a link long: the largest parts of it, with their characters; none where it is no longer than every program
 * takes.
 */
export function whyLong(address: string): readonly { readonly part: string; readonly characters: number }[] {
  if (address.length <= longestLink) return []
  const sizes = new Map<string, number>()
  for (const setting of address.slice(address.indexOf('?', address.indexOf('#')) + 1).split('&')) {
    const key = setting.split('=')[0] ?? ''
    const part = key.startsWith('compare.') ? key : (key.split('.')[0] ?? '')
    sizes.set(part, (sizes.get(part) ?? 0) + setting.length + 1)
  }
  return [...sizes]
    .map(([part, characters]) => ({ part, characters }))
    .sort((a, b) => b.characters - a.characters)
    .slice(0, 3)
}
