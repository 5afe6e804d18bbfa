import type { Moment } from '../../../src/config/comparison'

/** When accuracy is measured, as the page names it. */
export const momentNames: Readonly<Record<Moment, string>> = { end: 'At the end', pruned: 'After pruning' }
