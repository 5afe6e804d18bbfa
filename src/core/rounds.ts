import type { Plan, Rounds } from './plan'

/**
 * One training of a run that trains several times: steps [begin, end) of the run, and which step of its training
 * `begin` is.
 */
export interface Stage {
  readonly begin: number
  readonly end: number
  /** 0 in the first stage, the rewinding point in later ones. */
  readonly from: number
}

/**
 * How a run's steps are shared. Every stage ends at step `length` of its training; the first may end a few steps later.
 */
export interface Timetable {
  readonly stages: readonly Stage[]
  /** Steps of a whole training, over which the learning rate's schedule runs. */
  readonly length: number
  /** Whether nothing goes back between stages: weights and moments stay, and the rate is the last one of a training. */
  readonly fineTunes: boolean
}

type TimetableOf = Pick<Rounds, 'count' | 'share'> & Partial<Pick<Rounds, 'rewind'>>

/**
 * Shares the steps of a run among `count` + 1 trainings: the first of `length` steps, the others from `share` of it on.
 * Rounding leaves at most `count` steps over; they make the first training longer, so that all others are alike. With
 * no rounds it is one stage.
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
 * Steps of the longest training for which a run has room, if `count` more trainings from `share` of it on follow; at
 * least 1.
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
 * Which step of its training a step of the run is; batches follow it. It passes `length` where the first training is
 * longer.
 */
export function localStep(table: Timetable, step: number): number {
  const { begin, from } = stageAt(table, step)
  return from + step - begin
}

/** The step of a training from which a step of the run has its learning rate: at most `length` - 1. */
export function rateStep(table: Timetable, step: number): number {
  return table.fineTunes && stageAt(table, step).begin > 0
    ? table.length - 1
    : Math.min(table.length - 1, localStep(table, step))
}

/** Step of the run at which the optimizer moments and statistics of this step began. */
export function freshSince(table: Timetable, step: number): number {
  return table.fineTunes ? 0 : stageAt(table, step).begin
}

/**
 * Whether weights go back to earlier values, so that a copy has to be kept. New random weights come at the last rewind
 * only.
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
