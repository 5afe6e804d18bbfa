/** The kernels of `assembly/` over a linear memory that belongs to others: they allocate nothing. */
import { plain, shared } from 'virtual:kernels'

/** A byte offset into the memory; 0 stands for nothing. */
export type Pointer = number

/** What `assembly/index.ts` exports; sizes count float32 numbers, strides bytes. Each is described where it stands. */
export interface Kernels {
  add(a: Pointer, b: Pointer, to: Pointer, length: number): void
  addRows(row: Pointer, x: Pointer, to: Pointer, toRow: number, rows: number, width: number): void
  adamw(
    weights: Pointer,
    grads: Pointer,
    moment1: Pointer,
    moment2: Pointer,
    mask: Pointer,
    noiseMean: Pointer,
    noiseSquare: Pointer,
    importance: Pointer,
    step: Pointer,
    clipFactor: number,
    first: number,
    last: number,
  ): void
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
  clear(to: Pointer, bytes: number): void
  clearPruned(values: Pointer, mask: Pointer, tiles: Pointer, tileCount: number): void
  columnSums(x: Pointer, xRow: number, sums: Pointer, rows: number, width: number): void
  copyRows(from: Pointer, fromRow: number, to: Pointer, toRow: number, rows: number, bytes: number): void
  crossEntropy(
    logits: Pointer,
    labels: Pointer,
    loss: Pointer,
    logitsGrad: Pointer,
    rows: number,
    classes: number,
    smoothing: number,
  ): void
  dropout(
    x: Pointer,
    y: Pointer,
    length: number,
    random: Pointer,
    stream: number,
    threshold: number,
    kept: number,
  ): void
  each(operation: number, x: Pointer, to: Pointer, length: number): void
  toFloats(x: Pointer, to: Pointer, length: number): void
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
  meet(at: Pointer, number: number, count: number): void
  member(scores: Pointer, tiles: Pointer, tileCount: number, thresholds: Pointer, members: Pointer): void
  multiply(a: Pointer, b: Pointer, to: Pointer, length: number): void
  pairwise(
    operation: number,
    a: Pointer,
    aOuter: number,
    aMid: number,
    aInner: number,
    b: Pointer,
    bOuter: number,
    bMid: number,
    bInner: number,
    to: Pointer,
    outer: number,
    mid: number,
    inner: number,
  ): void
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
  score(
    formula: number,
    weights: Pointer,
    grads: Pointer,
    importance: Pointer,
    mask: Pointer,
    ranked: number,
    scores: Pointer,
    length: number,
  ): void
  segments(ids: Pointer, segments: Pointer, count: number, length: number): void
  select(
    scores: Pointer,
    tiles: Pointer,
    tileCount: number,
    kept: Pointer,
    groups: number,
    thresholds: Pointer,
    scratch: Pointer,
  ): void
  serve(at: Pointer, number: number, count: number): never
  share(job: number): void
  squareSum(x: Pointer, length: number): number
  sumOver(x: Pointer, to: Pointer, outer: number, reduced: number, inner: number, factor: number): void
  swap(x: Pointer, to: Pointer, outer: number, a: number, b: number, inner: number): void
  witness(
    weights: Pointer,
    grads: Pointer,
    mask: Pointer,
    noiseMean: Pointer,
    noiseSquare: Pointer,
    steady: Pointer,
    peak: Pointer,
    sensed: Pointer,
    step: Pointer,
    gradientNorm: number,
    first: number,
    last: number,
  ): void
  /** Bytes of scratch memory that a product, and so attention, needs. */
  readonly productScratch: number
  /** The same for `select`. */
  readonly selectScratch: number
}

const compiled = new Map<string, WebAssembly.Module>()

/** The kernels for a memory of its kind. @throws WebAssembly.CompileError where SIMD is missing */
export function kernelModule(memory: WebAssembly.Memory): WebAssembly.Module {
  const code = memory.buffer instanceof ArrayBuffer ? plain : shared
  const module =
    compiled.get(code) ?? new WebAssembly.Module(Uint8Array.from(atob(code), (letter) => letter.charCodeAt(0)))
  compiled.set(code, module)
  return module
}

/** Makes the kernels work on a memory. @throws as `kernelModule` */
export function openKernels(memory: WebAssembly.Memory): Kernels {
  const env = { memory, 'Math.log': Math.log, 'Math.tanh': Math.tanh }
  const { exports } = new WebAssembly.Instance(kernelModule(memory), { env })
  const number = (name: string) => (exports[name] as WebAssembly.Global).value as number
  return {
    ...(exports as unknown as Kernels),
    productScratch: number('productScratch'),
    selectScratch: number('selectScratch'),
  }
}
