/**
 * The longest form of a path-like tensor name in at most this many characters: for `block0/attention/query/weights`
 * block0 attention query, block0 query, query, or nothing; an expert keeps its number: block0 expert1 in.
 */
export function layerName(name: string, characters: number): string {
  const parts = name.split('/').filter((part) => part !== 'weights')
  const last = parts.at(-1) ?? ''
  const numbered = parts.filter((part, i) => i === 0 || /\d/.test(part))
  const forms = [parts.join(' '), [...numbered, last].join(' '), last]
  return forms.find((form) => form.length <= characters) ?? ''
}
