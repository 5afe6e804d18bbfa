/** How much tests attack: a little in every test run, for hours with `npm run attack`. */

/** Of two sizes the one that is asked for. @param always in every test run @param nightly with `npm run attack` */
export function attackSize(always: number, nightly: number): number {
  return process.env.PLAYGROUND_ATTACK === 'nightly' ? nightly : always
}

/**
 * Seeds of attacks: the first half is the same each time, the others are new. A test names the first new one, so that
 * what it finds can be found again: `PLAYGROUND_SEED=NUMBER`.
 */
export function attackSeeds(count: number): { readonly seeds: readonly number[]; readonly drawn: number } {
  const drawn = Number(process.env.PLAYGROUND_SEED ?? 1e6 + Math.floor(Math.random() * 1e6))
  const fixed = Math.ceil(count / 2)
  return { seeds: Array.from({ length: count }, (_, i) => (i < fixed ? i : drawn + i - fixed)), drawn }
}
