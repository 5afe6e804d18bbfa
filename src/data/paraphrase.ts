/** GLUE's names of MRPC's classes, by number, and the one of which it measures F1. */
export const paraphrase = { classes: ['not_equivalent', 'equivalent'], positive: 'equivalent' } as const
