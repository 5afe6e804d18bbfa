/** No language puts so many marks on one letter. */
const manyMarks = /\p{M}{30}/gu
/** The combining grapheme joiner: invisible, and marks are not sorted across it. */
const joiner = '\u034f'

/**
 * A text in a normal form of Unicode. ICU sorts the marks of a letter in a time that grows with the square of their
 * number (80,000 take 16 s), so runs of 30 and more are parted first, as Unicode's stream-safe format does
 * (https://unicode.org/reports/tr15/#Stream_Safe_Text_Format). Other texts stay what `normalize` makes of them.
 */
export function normalised(text: string, form: 'NFC' | 'NFD'): string {
  return (text.length < 30 ? text : text.replace(manyMarks, `$&${joiner}`)).normalize(form)
}
