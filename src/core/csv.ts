/** RFC 4180: fields with commas, quotes or line ends are quoted, and lines end with CR LF; null is an empty field. */
export function csv(lines: readonly (readonly (string | number | null)[])[]): string {
  // Seeds and counts are whole numbers of 10 digits and more; measurements have at most 9 digits that mean something.
  const digits = (value: number) => String(Number.isInteger(value) ? value : Number(value.toPrecision(9)))
  const field = (value: string | number | null) => {
    const text = value === null ? '' : typeof value === 'number' ? digits(value) : value
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return lines.map((fields) => `${fields.map(field).join(',')}\r\n`).join('')
}
