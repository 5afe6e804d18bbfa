/** Characters of a task: enough for three questions, and for a link that can still be sent. */
export const longestTask = 1000

/**
 * A task as it stands in a link: each character that mail programs or messengers might change is written as `*u3F-`,
 * with its number in hexadecimal. A blank is left, which a query writes as `+`.
 */
export function toTaskCode(text: string): string {
  return text.replace(/[^A-Za-z0-9 .-]|[ .]$/gu, (c) => `*u${c.codePointAt(0)?.toString(16).toUpperCase()}-`)
}

/** The text of `toTaskCode`; whoever writes a link by hand may write the text itself. */
export function fromTaskCode(code: string): string {
  return code.replace(/\*u([0-9a-f]{1,6})-/gi, (whole, hex: string) => {
    const number = parseInt(hex, 16)
    return number <= 0x10ffff ? String.fromCodePoint(number) : whole
  })
}

/** The value of `task=` in percent-encoding, as `toTaskCode` writes it; the text of another value is left as it is. */
export function recodedTask(value: string): string {
  try {
    return toTaskCode(fromTaskCode(decodeURIComponent(value.replaceAll('+', ' ')))).replaceAll(' ', '+')
  } catch {
    return value
  }
}

/** A task without what nobody sees (lines stay), at most `longestTask` characters. */
export function cleanTask(text: string): string {
  const seen = text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, (c) => (c === '\n' || c === '\u200D' ? c : c === '\t' ? ' ' : ''))
  return Array.from(seen.trim()).slice(0, longestTask).join('').trim()
}
