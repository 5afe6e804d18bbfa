import type { Plan, Rounds } from './method'

/**
 * One training of a run that trains several times: the run's steps [begin, end), and which step of a training `begin`
 * is.
 */
export interface Stage {
  readonly begin: number
  readonly end: number
  /** 0 in the first stage, the rewinding point in later ones. */
  readonly from: number
}

/**
 * How a run's steps are shared. Every stage ends at step `length` of a training, the first there or a few steps later.
 */
export interface Timetable {
  readonly stages: readonly Stage[]
  /** Steps of a whole training: what the learning rate's schedule spans. */
  readonly length: number
  /** Whether nothing goes back between stages: weights and moments stay, at the last rate of a training. */
  readonly fineTunes: boolean
}

type TimetableOf = Pick<Rounds, 'count' | 'share'> & Partial<Pick<Rounds, 'rewind'>>

/**
 * Shares the steps of a run among `count` + 1 trainings: the first of `length` steps, the others from `share` of it on.
 * Steps that rounding leaves over, at most `count`, make the first one longer, so that all others are alike. With no
 * rounds it is one stage.
 * @param share in [0, 1): the rewinding point within a training
 */
export function timetable(steps: number, { count, share, rewind }: TimetableOf = { count: 0, share: 0 }): Timetable {
  const length = longest(steps, count, share)
  const from = Math.floor(share * length)
  const later = length - from
  const stages: Stage[] = [{ begin: 0, end: Math.max(Math.min(length, steps), steps - count * later), from: 0 }]
  for (let begin = stages[0]?.end ?? 0; begin < steps; begin += later)
    stages.push({ begin, end: Math.min(steps, begin + later), from })
  return { stages, length, fineTunes: rewind === 'fineTune' }
}

/**
 * Steps of the longest training that a run has room for, with `count` more of them from `share` of it on; at least 1.
 */
function longest(steps: number, count: number, share: number): number {
  // Rewinding points are rounded down, so trainings without that rounding are no shorter; 1 more for the rounding of
  // the division.
  let length = Math.floor(steps / (1 + count * (1 - share))) + 1
  while (length > 1 && length + count * (length - Math.floor(share * length)) > steps) length--
  return length
}

/** The stage that a step of the run belongs to. */
export function stageAt({ stages }: Timetable, step: number): Stage {
  return stages.findLast((stage) => stage.begin <= step) as Stage
}

/**
 * The step of its training that a step of the run is, which its data follow; beyond `length` where the first training
 * is longer.
 */
export function localStep(table: Timetable, step: number): number {
  const { begin, from } = stageAt(table, step)
  return from + step - begin
}

/**
 * The step of a training whose learning rate a step of the run has: below `length`, and its last one for steps beyond
 * it.
 */
export function rateStep(table: Timetable, step: number): number {
  return table.fineTunes && stageAt(table, step).begin > 0
    ? table.length - 1
    : Math.min(table.length - 1, localStep(table, step))
}

/** Step of the run at which optimizer moments and statistics of a step began. */
export function freshSince(table: Timetable, step: number): number {
  return table.fineTunes ? 0 : stageAt(table, step).begin
}

/**
 * Whether weights go back to what they were, so that a copy of them has to be kept; new random ones come at the last
 * rewind alone.
 */
export function remembersWeights({ rewind, count }: Rounds): boolean {
  return rewind === 'weights' || (rewind === 'reinitialise' && count > 1)
}

/** A plan that cuts at the end of every training but the last. */
export function cutBetween(idle: Plan, steps: number, rounds: Rounds): Plan {
  const { stages } = timetable(steps, rounds)
  const cuts = new Map(stages.slice(0, rounds.count).map(({ end }, round) => [end - 1, rounds.sparsityAfter(round)]))
  return { ...idle, rounds, lastEvent: Math.max(-1, ...cuts.keys()), training: (t) => cuts.get(t) }
}
