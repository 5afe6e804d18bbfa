/** The lessons by id, in their order; the address names them (`?lesson=mask`). */
export const lessonIds = ['mask', 'small', 'batches', 'bets', 'moment', 'lottery', 'speed'] as const

export type LessonId = (typeof lessonIds)[number]
