/** The lessons by id, in their order; the address names them (`?lesson=mask`). */
export const lessonIds = ['mask', 'small', 'batches', 'bets', 'moment', 'lottery', 'speed'] as const

export type LessonId = (typeof lessonIds)[number]

/** What a lesson asks to be looked at in its end: a tab, a weight that is followed, or an earlier moment. */
export type Look = 'compare' | 'inside' | 'cost' | 'follow' | 'lookBack'

/** Where each lesson asks for such a look; the others show their end without one. */
export const lessonLooks: Readonly<Partial<Record<LessonId, Look>>> = {
  mask: 'follow',
  small: 'inside',
  batches: 'lookBack',
  bets: 'compare',
  speed: 'cost',
}
