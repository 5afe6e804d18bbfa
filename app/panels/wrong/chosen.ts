import type { HalfPair } from './pairs'

/** Examples that were asked for: those of a cell, or those that changed; null for every class. */
export type Chosen =
  | {
      readonly kind: 'cell'
      readonly side: 'before' | 'after'
      readonly right: number
      /** Several classes where they are counted together. */
      readonly given: readonly number[]
    }
  | { readonly kind: 'broken' | 'mended'; readonly right: number | null }

/** Whether both ask for the same examples. */
export function isSame(a: Chosen | null, b: Chosen): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** Numbers of the examples that were asked for. */
export function chosenExamples({ right, before, after }: HalfPair, chosen: Chosen): number[] {
  const holds = (i: number) => {
    const label = right[i]
    if (chosen.kind === 'cell') {
      const side = chosen.side === 'before' ? before : after
      return label === chosen.right && chosen.given.includes(side?.given[i] ?? -1)
    }
    if (chosen.right !== null && label !== chosen.right) return false
    const [was, is] = [before?.given[i] === label, after.given[i] === label]
    return chosen.kind === 'broken' ? was && !is : is && !was
  }
  return Array.from(right.keys()).filter(holds)
}

/** What the examples are, as the beginning of a sentence. */
export function chosenText({ classes, before, after }: HalfPair, chosen: Chosen): string {
  const name = (label: number) => `'${classes[label] ?? label}'`
  if (chosen.kind === 'cell') {
    const { label } = (chosen.side === 'before' ? before : after) ?? after
    const [only] = chosen.given
    const given = chosen.given.length === 1 && only !== undefined ? name(only) : 'one of the other classes'
    return `${name(chosen.right)} that ${label} takes for ${given}`
  }
  const of = chosen.right === null ? '' : ` of ${name(chosen.right)}`
  const [who, other] = chosen.kind === 'broken' ? [before, after] : [after, before]
  return `${chosen.kind}${of}: only ${who?.label ?? ''} gets them right, ${other?.label ?? ''} does not`
}
