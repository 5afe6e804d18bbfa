/**
 * Code page 437 of the first PC, upper half: the encoding of names without a flag in ZIP's specification. No
 * TextDecoder knows it.
 */
const codePage437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬'
  + '╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·ⁿ√²■\u00a0'

/** One way to read bytes as text, and a pattern of the words of its languages. */
interface Encoding {
  readonly decode: (bytes: Uint8Array) => string
  readonly words: (text: string) => Iterable<RegExpMatchArray>
}

/** A word of Cyrillic letters of one case, or with a capital at its start, and no Latin letter beside it. */
const cyrillic = /(?<![\p{L}])(?:[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+)(?![\p{L}])/gu
const accented = /[À-ÖØ-öø-ÿŒœŸ]+/g

/** In the order of trust: of two that explain the same share, the first is taken. */
const encodings: readonly (() => Encoding)[] = [
  () => byDecoder('gb18030', oneOf(characters('gb18030', [0xb0, 0xd7], [0xa1, 0xfe]))),
  () => byDecoder('big5', oneOf(characters('big5', [0xa4, 0xc6], [0x40, 0x7e], [0xa1, 0xfe]))),
  () => byDecoder('shift_jis', /[\u3041-\u30fe\u4e00-\u9fff]+/g),
  () => byDecoder('ibm866', cyrillic),
  () => byDecoder('windows-1251', cyrillic),
  () => ({ decode: from437, words: (text) => text.matchAll(accented) }),
  () => byDecoder('windows-1252', accented),
]

/**
 * File names of one archive, whose bytes are in an unknown encoding: UTF-8 if all are valid UTF-8, else the encoding of
 * an older system that gives the most letters in common use. Different bytes stay different names. Korean cannot be
 * told from Chinese: EUC-KR's letters are GBK's most common ones.
 */
export function decodeNames(names: readonly Uint8Array[]): string[] {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const utf8 = attempt(() => names.map((name) => decoder.decode(name)))
  if (utf8) return utf8
  let best = { names: names.map(from437), share: 0.5 }
  for (const open of encodings) {
    const { decode, words } = open()
    const decoded = attempt(() => names.map(decode))
    if (decoded === null) continue
    const share = explained(decoded.join('\n'), words)
    if (share > best.share) best = { names: decoded, share }
  }
  return best.names
}

/** Share of the characters beyond ASCII that lie in words. */
function explained(text: string, words: Encoding['words']): number {
  const beyond = (part: string) => part.match(/[^\0-\x7f]/gu)?.length ?? 0
  let inWords = 0
  for (const [word] of words(text)) inWords += beyond(word)
  return inWords / beyond(text)
}

function byDecoder(encoding: string, words: RegExp): Encoding {
  const decoder = new TextDecoder(encoding, { fatal: true })
  return { decode: (bytes) => decoder.decode(bytes), words: (text) => text.matchAll(words) }
}

function from437(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : codePage437[byte - 128])).join('')
}

/**
 * The characters that an encoding has at these first and second bytes; for Chinese these are the characters in common
 * use.
 */
function characters(
  encoding: string,
  [from, to]: readonly [number, number],
  ...seconds: readonly (readonly [number, number])[]
): string {
  const bytes: number[] = []
  for (let first = from; first <= to; first++) {
    for (const [start, end] of seconds) for (let second = start; second <= end; second++) bytes.push(first, second)
  }
  return new TextDecoder(encoding).decode(Uint8Array.from(bytes)).replace(/[^\p{Script=Han}]/gu, '')
}

function oneOf(letters: string): RegExp {
  return new RegExp(`[${letters}]+`, 'gu')
}

function attempt<T>(step: () => T): T | null {
  try {
    return step()
  } catch {
    return null
  }
}
