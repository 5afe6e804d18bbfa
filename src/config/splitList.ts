/**
 * The entries of a list of numbers as people write it: `0.5_0.75` in links, `.5, .8`, `50 80 %`, `0,5; 0,8`. Where
 * semicolons, underscores or line ends separate, a comma belongs to a number; elsewhere a comma separates, except in
 * `0,5`.
 * @param whole whether the numbers are whole: then a comma in one can only set thousands apart
 */
export function splitList(text: string, whole: boolean): string[] {
  const plain = text
    .replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/\s%/g, '%')
  const together = /[;_\n]/.test(plain) ? (whole ? /^\d{1,3}(?:,\d{3})+$/ : /^\d+,\d+%?$/) : /(?!)/
  return plain
    .split(/[;_\s]/)
    .flatMap((piece) => {
      const end = piece.endsWith(',') ? piece.slice(0, -1) : piece
      if (together.test(end)) return [end]
      if (!whole && /^0,\d+%?(?:,0,\d+%?)*$/.test(end)) return end.match(/0,\d+%?/g) ?? []
      return end.split(',')
    })
    .filter((entry) => entry !== '')
}
