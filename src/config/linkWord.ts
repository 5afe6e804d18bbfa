import type { Settings } from './settings'

/**
 * A link as one word, so that a link may stand in a link: `v1/seed*3/method*snip/method.sparsity*0.8`. It has no
 * character that addresses escape, since escapes in a link look like damage (`repairLink`): others are `_` and two
 * hexadecimal digits.
 */
export function toLinkWord(version: number, settings: Settings): string {
  const parts = Object.entries(settings).map(([key, value]) => `${key}*${escaped(String(value))}`)
  return [`v${version}`, ...parts].join('/')
}

/** The settings in such a word; what is none of it is left out. */
export function readLinkWord(word: string): { readonly version: number; readonly settings: Settings } {
  const [version = '', ...parts] = word.split('/')
  const pairs = parts.flatMap((part): [string, string][] => {
    const at = part.indexOf('*')
    return at > 0 ? [[part.slice(0, at), plain(part.slice(at + 1))]] : []
  })
  return { version: Number(/^v(\d{1,6})$/.exec(version)?.[1] ?? 1), settings: Object.fromEntries(pairs) }
}

function escaped(value: string): string {
  return value.replace(/[^A-Za-z0-9.-]/g, (mark) => `_${mark.charCodeAt(0).toString(16).padStart(2, '0').slice(-2)}`)
}

function plain(value: string): string {
  return value.replace(/_([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}
