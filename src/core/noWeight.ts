/** Stands for the index of a weight at pixels of the weight map where none is. */
export const noWeight = 0xffffffff
