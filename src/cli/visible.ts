/** What a terminal would obey, or what turns round the text that it shows; line feeds and tabs are among them. */
const unseen = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

/**
 * A text in which every character is seen: a control character becomes its code, as JSON writes it. Names come from
 * files and links, and none of them may move the cursor, erase the screen or fill the clipboard.
 */
export function visible(text: string): string {
  return text.replace(unseen, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
