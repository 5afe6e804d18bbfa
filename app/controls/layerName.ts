/**
 * The longest form of a path-like tensor name in at most this many characters: for `block0/attention/query/weights`
 * block0 attention query, block0 query, query, or nothing.
 */
export function layerName(name: string, characters: number): string {
  const parts = name.split('/').filter((part) => part !== 'weights')
  const last = parts.at(-1) ?? ''
  const forms = [parts.join(' '), `${parts[0] ?? ''} ${last}`, last]
  return forms.find((form) => form.length <= characters) ?? ''
}
