/** Sets packed into words, which masks and their kernels share: member `index` is bit index % 32 of word index / 32. */

/** Whether a set has a member; places past its end are none. */
export function bit(words: Uint32Array, index: number): boolean {
  return (((words[index >>> 5] as number) >>> (index & 31)) & 1) === 1
}

/** Puts a place of the set in, or out. */
export function setBit(words: Uint32Array, index: number, member: boolean): void {
  const word = words[index >>> 5] as number
  const one = 1 << (index & 31)
  words[index >>> 5] = member ? word | one : word & ~one
}

/** Number of ones among 32 bits (Hacker's Delight, 5-1). */
export function countOnes(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555)
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
