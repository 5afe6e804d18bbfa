/**
 * The longest form of a path-like tensor name whose lines have at most this many characters: for
 * `block0/attention/query/weights` block0 attention query, block0 query, b0 query, or nothing, for query alone is the
 * name of several. An expert keeps its number: block0 expert1 in.
 * @param between what stands before the last word: a space, or an end of line
 */
export function layerName(name: string, characters: number, between: ' ' | '\n' = ' '): string {
  const parts = name.split('/').filter((part) => part !== 'weights')
  const [above, last] = [parts.slice(0, -1), parts.at(-1) ?? '']
  const places = above.filter((part, i) => i === 0 || /\d/.test(part))
  const short = places.map((part) => part.replace(/^(.)\D*(\d+)$/, '$1$2'))
  const forms = [above, places, short].map((words) => (words.length > 0 ? words.join(' ') + between + last : last))
  return forms.find((form) => form.split('\n').every((line) => line.length <= characters)) ?? ''
}
