/**
 * The kernels of the wasm engine: AssemblyScript over a linear memory that belongs to others. A pointer is a byte
 * offset into it, a stride counts bytes, numbers are float32. Nothing here allocates, and nothing has static data:
 * the memory is not ours.
 */
export { adamw } from './adamw'
export { attention, attentionGradient } from './attention'
export { crossEntropy } from './crossEntropy'
export { dropout } from './dropout'
export { add, addRows, columnSums, multiply, scaled } from './elements'
export { gatherRows, scatterRows, segments } from './embedding'
export { gelu, geluSlope } from './gelu'
export { layerNorm, layerNormGradient } from './layerNorm'
export { product, productScratch } from './product'
export { score } from './score'
export { clearPruned, member, select, selectScratch } from './select'
export { clear, copyRows, each, pairwise, sumOver, swap, toFloats } from './shapes'
export { serve, share } from './share'
export { squareSum } from './sums'
export { meet } from './threads'
export { witness } from './witness'
