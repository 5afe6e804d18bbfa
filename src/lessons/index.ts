import { batches } from './batches'
import { bets } from './bets'
import type { Lesson } from './lesson'
import type { LessonId } from './lessonIds'
import { lottery } from './lottery'
import { mask } from './mask'
import { moment } from './moment'
import { small } from './small'
import { speed } from './speed'

/** Every lesson, a file each. */
export const lessons: Readonly<Record<LessonId, Lesson>> = { mask, small, batches, bets, moment, lottery, speed }
