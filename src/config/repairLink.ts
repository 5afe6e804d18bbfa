/** Undoes what mail programs, messengers, redirects and shells do to links. */
import { isRoleKey } from './role'
import { describe } from './settings'
import { recodedTask } from './taskText'

/**
 * A link as `toLink` writes it, `''` where there was none, and what was mended, in words that follow "The link was
 * repaired:".
 */
export interface RepairedLink {
  readonly hash: string
  readonly repairs: readonly string[]
}

interface Mend {
  /** '' for what is no damage. */
  readonly said: string
  /** Its time grows in proportion to the text. */
  readonly undo: (text: string) => string
}

/** A whole link holds none of what these look for, so it stays as it is. */
const mends: readonly Mend[] = [
  {
    // Programs write any text so; nothing of it is lost.
    said: '',
    undo: (text) => text.replace(/(?<=[?&]task=)[^&\s]*%[^&\s]*/gi, recodedTask),
  },
  { said: 'characters that nobody sees were taken out', undo: withoutUnseen },
  { said: 'its lines were joined', undo: joinLines },
  { said: 'quoted-printable was undone', undo: (text) => text.replace(/=3D/gi, '=') },
  { said: 'escapes were undone', undo: undoEscapes },
  {
    said: 'wide characters were made plain',
    undo: (text) => text.replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)),
  },
  { said: 'it was taken out of another link', undo: takeOut },
  { said: 'HTML escapes were undone', undo: undoHtml },
  { said: 'percent-encoding was undone', undo: (text) => text.replace(/(?:%[0-9a-f]{2})+/gi, decoded) },
  { said: 'a mark for browsers was taken off', undo: (text) => text.split(':~:', 1)[0] ?? text },
]

/** A link is damaged a few times at most; a text that still changes after so many rounds is no link. */
const rounds = 6

/** Finds the link in what somebody pasted, and mends it. Never throws. */
export function repairLink(text: string): RepairedLink {
  const repairs = new Set<string>()
  let mended = text.trim()
  for (let round = 0, before = ''; round < rounds && mended !== before; round++) {
    before = mended
    for (const { said, undo } of mends) {
      const next = undo(mended)
      if (next !== mended && said !== '') repairs.add(said)
      mended = next
    }
  }
  const { link, around } = cutOut(mended)
  if (around !== '') repairs.add(`"${describe(around)}" beside it was left out`)
  const { hash, lost } = hashOf(link)
  return { hash, repairs: [...repairs, ...(lost ? ['its # was missing'] : [])] }
}

/** Whether a text is meant as a link: it has a hash, even a damaged one, or begins as an address does. */
export function isLinkLike(text: string): boolean {
  return /#|%23|&num;|^[^\w#]*https?:|(?:^|\/)v\d+(?:\?|%3f)/i.test(text)
}

/**
 * The settings in the query part of an address, as a query; the rest of it belongs to the page. A role alone is none.
 */
export function settingsIn(query: string): string {
  const ours = [...new URLSearchParams(query)].filter(([key]) => isOurs(key))
  return ours.every(([key]) => isRoleKey(key)) ? '' : new URLSearchParams(ours).toString()
}

/** Whether a key of a query is a part of an experiment, a comparison or a role. */
export function isOurs(key: string): boolean {
  return (
    isRoleKey(key) || /^(?:seed|data|model|start|method|(?:data|model|start|method|training|compare)\..+)$/.test(key)
  )
}

function withoutUnseen(text: string): string {
  return text.replace(/[\u00A0\u00AD\u034F\u061C\u180E\u2000-\u200F\u202A-\u202F\u205F-\u206F\u3000\uFE0F\uFEFF]/g, '')
}

/** A soft line break of quoted-printable goes with its equals sign; `>` begins the lines of a mail that is quoted. */
function joinLines(text: string): string {
  const soft = /=3D/i.test(text) ? text.replace(/=\r?\n/g, '') : text
  return soft.replace(/[\r\n\u2028\u2029][\s>]*/g, '').replace(/(?<![ \t])[ \t]+(?=[?&#]|[\w.]*=)/g, '')
}

/** Escapes of JSON and of shells. */
function undoEscapes(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/\\[nrt]/g, '\n')
    .replace(/\\/g, '')
}

/**
 * A redirect holds the link as a value in its own query: to its end where it has a hash of its own, else up to the next
 * value.
 */
function takeOut(text: string): string {
  let at = text.indexOf('?') + 1
  for (const piece of at > 0 ? text.slice(at).split('&') : []) {
    const value = piece.indexOf('=') + 1
    if (value > 0 && /^\W*https?(?::|%3a)(?:\/|%2f)/i.test(withoutUnseen(decoded(piece.slice(value)))))
      return piece.includes('#') ? text.slice(at + value) : piece.slice(value)
    at += piece.length + 1
  }
  return text
}

const named: Readonly<Record<string, string>> = {
  num: '#',
  equals: '=',
  quest: '?',
  sol: '/',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '',
  shy: '',
}

function undoHtml(text: string): string {
  return text
    .replace(/&(?:amp;?)+/gi, '&')
    .replace(/&#(x[0-9a-f]{1,5}|\d{1,6});/gi, (_, code: string) =>
      String.fromCodePoint(Number(code.toLowerCase().startsWith('x') ? `0${code}` : code)),
    )
    .replace(/&([a-z]{2,6});/gi, (whole, name: string) => named[name.toLowerCase()] ?? whole)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const marks = new Set('.,;:!?)]}>"\'`*_~|/“”‘’«»…、。）】》')

/**
 * The link without the words and marks around it, and these words and marks. An address without its scheme begins after
 * a blank. Of a value that holds a blank or a mark only the rest is left out: settings after it stay.
 */
function cutOut(text: string): { link: string; around: string } {
  const scheme = text.search(/https?:\/\//i)
  const head = text.slice(0, Math.max(0, text.indexOf('#')))
  const start = scheme >= 0 ? scheme : Math.max(...[' ', '<', '"', "'", '('].map((mark) => head.lastIndexOf(mark))) + 1
  const blank = text.slice(start).search(/[\s<>"]/)
  const end = blank < 0 ? text.length : start + blank
  const link = unmarked(text.slice(start, end))
  const settings: string[] = []
  const after = text.slice(end)
  // Behind these another link may begin.
  const next = link.includes('?') ? after.search(/#|https?:|$/i) : 0
  const left = after.slice(0, next).replace(/&([\w.]+)=[^\s<>"&]*/g, (whole, key: string) => {
    if (!isOurs(key)) return whole
    const setting = unmarked(whole)
    settings.push(setting)
    return whole.slice(setting.length)
  })
  const around = text.slice(0, start) + text.slice(start + link.length, end) + left + after.slice(next)
  return { link: link + settings.join(''), around: around.trim() }
}

/** Without the marks at its end. */
function unmarked(text: string): string {
  let end = text.length
  while (end > 0 && marks.has(text.charAt(end - 1))) end--
  return text.slice(0, end)
}

function hashOf(link: string): { hash: string; lost: boolean } {
  const [address = '', ...rest] = link.split('#')
  const hash = rest.join('#')
  if (!/^[#!/]*$/.test(hash)) {
    const begun = (_: string, version: string, query?: string) => `/${version.toLowerCase()}${query ? '?' : ''}`
    return { hash: `#${hash.replace(/^[#!/]*(v\d+)(\/?[?&])?/i, begun)}`, lost: false }
  }
  const path = /(?:^|\/)(v\d{1,6}(?:\?.*)?)$/s.exec(address)?.[1]
  const query = settingsIn(address.slice(address.indexOf('?') + 1))
  if (path !== undefined) return { hash: `#/${path}`, lost: true }
  return query === '' ? { hash: '', lost: false } : { hash: `#/v1?${query}`, lost: true }
}
