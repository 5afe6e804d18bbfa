import { count, percent } from './figures'
import type { ClassCount, ClassCounts } from './trainer'

/** Weights of a class. */
export function sizeOf({ kept, cut }: ClassCount): number {
  return kept + cut
}

/** Share of a class that is cut; null where nobody is in it. */
export function cutShare(members: ClassCount): number | null {
  const size = sizeOf(members)
  return size === 0 ? null : members.cut / size
}

/** What a run did to sentinels and temporary sentinels, in one sentence; empty before the first gradient. */
export function sentinelText({ sentinel, temporary }: ClassCounts): string {
  const [steady, noisy] = [cutShare(sentinel), cutShare(temporary)]
  if (steady === null) return ''
  const rest = noisy === null ? '' : `, of ${count(sizeOf(temporary))} temporary ones ${percent(noisy)}`
  return `Of ${count(sizeOf(sentinel))} sentinels this method cut ${percent(steady)}${rest}.`
}
