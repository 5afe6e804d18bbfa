/** What is wrong with the numbers of a file, as the end of a sentence. */
export class Damage extends Error {
  override readonly name: string = 'Damage'
}
