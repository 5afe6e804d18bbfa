/** The kernels of `assembly/` over a linear memory that belongs to others: they allocate nothing. */
import { plain, shared } from 'virtual:kernels'

/** A byte offset into the memory; 0 stands for nothing. */
export type Pointer = number

/** What `assembly/index.ts` exports; sizes count float32 numbers, strides bytes. Each is described where it stands. */
export interface Kernels {
  add(a: Pointer, b: Pointer, to: Pointer, length: number): void
  addRows(row: Pointer, x: Pointer, to: Pointer, toRow: number, rows: number, width: number): void
  attention(
    stacked: Pointer,
    ids: Pointer,
    y: Pointer,
    kept: Pointer,
    keep: boolean,
    batch: number,
    tokens: number,
    heads: number,
    size: number,
    scratch: Pointer,
  ): void
  attentionGradient(
    stacked: Pointer,
    kept: Pointer,
    yGrad: Pointer,
    stackedGrad: Pointer,
    batch: number,
    tokens: number,
    heads: number,
    size: number,
    own: Pointer,
    scratch: Pointer,
  ): void
  columnSums(x: Pointer, xRow: number, sums: Pointer, rows: number, width: number): void
  crossEntropy(
    logits: Pointer,
    labels: Pointer,
    loss: Pointer,
    logitsGrad: Pointer,
    rows: number,
    classes: number,
    smoothing: number,
  ): void
  gatherRows(table: Pointer, ids: Pointer, rows: Pointer, count: number, width: number): void
  gelu(x: Pointer, y: Pointer, length: number): void
  geluSlope(x: Pointer, y: Pointer, slope: Pointer, length: number): void
  layerNorm(
    x: Pointer,
    scale: Pointer,
    shift: Pointer,
    y: Pointer,
    moments: Pointer,
    rows: number,
    width: number,
    epsilon: number,
  ): void
  layerNormGradient(
    x: Pointer,
    scale: Pointer,
    moments: Pointer,
    yGrad: Pointer,
    xGrad: Pointer,
    scaleGrad: Pointer,
    shiftGrad: Pointer,
    rows: number,
    width: number,
  ): void
  multiply(a: Pointer, b: Pointer, to: Pointer, length: number): void
  product(
    a: Pointer,
    aRow: number,
    aDepth: number,
    b: Pointer,
    bDepth: number,
    bColumn: number,
    c: Pointer,
    cRow: number,
    rows: number,
    columns: number,
    depth: number,
    onto: boolean,
    scratch: Pointer,
  ): void
  scaled(a: Pointer, factor: Pointer, to: Pointer, length: number): void
  scatterRows(rows: Pointer, ids: Pointer, table: Pointer, count: number, width: number, size: number): void
  /** Bytes of scratch memory that a product, and so attention, needs. */
  readonly productScratch: number
}

/** Makes the kernels work on a memory. @throws WebAssembly.CompileError where SIMD is missing */
export async function openKernels(memory: WebAssembly.Memory): Promise<Kernels> {
  const isShared = !(memory.buffer instanceof ArrayBuffer)
  const code = Uint8Array.from(atob(isShared ? shared : plain), (letter) => letter.charCodeAt(0))
  const { instance } = await WebAssembly.instantiate(code, { env: { memory, 'Math.log': Math.log } })
  const { productScratch, ...kernels } = instance.exports
  return {
    ...(kernels as unknown as Omit<Kernels, 'productScratch'>),
    productScratch: (productScratch as WebAssembly.Global).value as number,
  }
}
