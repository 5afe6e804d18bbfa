/** Bytes that weights of finished runs may take in the browser; the oldest leave, but not those of pinned runs. */
export const weightsBudget = 256e6
