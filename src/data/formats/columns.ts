/** Names that data sets give to the columns of pictures, texts and labels; the first of these that a file has is taken. */
export const imageNames = ['img', 'image', 'picture', 'photo'] as const
export const textNames = [
  'sentence', 'text', 'review', 'content', 'question', 'tweet', 'comment', 'message', 'body', 'document', 'headline', 'title',
  'utterance', 'phrase', 'review_text', 'comment_text', 'tweet_text', 'full_text', 'clean_text',
] as const
export const labelNames = [
  'label', 'sentiment', 'class', 'category', 'target', 'labels', 'polarity', 'emotion', 'intent', 'topic', 'rating', 'stars',
  'fine_label', 'airline_sentiment', 'is_spam', 'toxic',
] as const

/** Place of the first wanted name among a file's columns, upper or lower case alike; -1 where there is none. */
export function columnOf(columns: readonly string[], wanted: readonly string[]): number {
  const names = columns.map(plainName)
  return wanted.map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1
}

/** A label as a file holds it (text, bytes, number, true or false) as the name of a class; null for what is none. */
export function labelText(value: unknown): string | null {
  if (typeof value === 'string') return value.normalize('NFC').trim() || null
  if (value instanceof Uint8Array) return labelText(new TextDecoder().decode(value))
  if (typeof value === 'bigint' || typeof value === 'boolean' || Number.isFinite(value)) return String(value)
  return null
}

/** "a", "b" and "c": the columns of a file, for messages. */
export function columnList(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `"${name.slice(0, 40)}"`)
  return `${shown.join(', ') || 'none'}${names.length > 8 ? `, and ${names.length - 8} more` : ''}`
}

function plainName(name: string): string {
  return name.normalize('NFC').trim().toLowerCase().replaceAll(/[\s-]+/g, '_')
}
