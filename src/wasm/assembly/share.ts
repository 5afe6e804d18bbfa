/** How the work of kernels falls into parts. Their arguments lie in the meeting place, where all threads read them. */
import { adamw } from './adamw'
import { attention, attentionGradient } from './attention'
import { geluSlope } from './gelu'
import { product, productScratch, tileColumns } from './product'
import { argument, begin, end, endPart, jobKind, meet, nextJob, ownOf, partBegin, partsOf, takePart } from './threads'
import { witness } from './witness'

/** Kernels that threads share, in the order of `sharedKernels` in src/wasm/threads.ts. */
enum Job {
  adamw,
  attention,
  attentionGradient,
  geluSlope,
  product,
  witness,
}

/** Runs a kernel by all threads; its arguments lie in the meeting place. */
export function share(job: i32): void {
  if (!ASC_FEATURE_THREADS) return
  const parts = partsFor(job)
  if (parts === 1) {
    work(job, 0, 1)
    return
  }
  begin(job, parts)
  takeParts(job)
  end(parts)
}

/** The life of another thread: it helps with every job, and never returns. */
export function serve(at: usize, number: i32, count: i32): void {
  if (!ASC_FEATURE_THREADS) return
  meet(at, number, count)
  let seen = 0
  while (true) {
    seen = nextJob(seen)
    takeParts(-1)
  }
}

/** @param job what is under way; -1 where only who holds a part of it may look */
function takeParts(job: i32): void {
  for (let taken = takePart(); taken >= 0; taken = takePart()) {
    const parts = taken & 0xffff
    work(job < 0 ? jobKind() : job, taken >>> 16, parts)
    endPart(parts)
  }
}

function partsFor(job: i32): i32 {
  if (job === Job.product) return partsOf(argument(8) * argument(9) * argument(10), max(whole(8), whole(9)) / 16)
  if (job === Job.attention)
    return partsOf(2 * argument(5) * squared(argument(6)) * argument(7) * argument(8), whole(5))
  if (job === Job.attentionGradient)
    return partsOf(4 * argument(4) * squared(argument(5)) * argument(6) * argument(7), whole(4))
  if (job === Job.geluSlope) return partsOf(40 * argument(3), whole(3) / 64)
  if (job === Job.adamw) return partsOf(40 * (argument(11) - argument(10)), (whole(11) - whole(10)) / 1024)
  return partsOf(36 * argument(11), whole(11) / 1024)
}

function squared(x: f64): f64 {
  return x * x
}

function work(job: i32, part: i32, parts: i32): void {
  if (job === Job.product) productPart(part, parts)
  else if (job === Job.attention) attentionPart(part, parts)
  else if (job === Job.attentionGradient) attentionGradientPart(part, parts)
  else if (job === Job.geluSlope) geluSlopePart(part, parts)
  else if (job === Job.adamw) adamwPart(part, parts)
  else witnessPart(part, parts)
}

/** A pointer or a stride among the arguments. */
function at(i: i32): usize {
  return <usize>argument(i)
}

/** A size among the arguments. */
function whole(i: i32): i32 {
  return <i32>argument(i)
}

/** Some rows of a product, or some columns where those are more. */
function productPart(part: i32, parts: i32): void {
  const rows = whole(8)
  const columns = whole(9)
  const tall = rows >= columns
  const length = tall ? rows : columns
  const first = partBegin(length, part, parts, tileColumns)
  const count = partBegin(length, part + 1, parts, tileColumns) - first
  product(
    at(0) + (tall ? <usize>first * at(1) : 0),
    at(1),
    at(2),
    at(3) + (tall ? 0 : <usize>first * at(5)),
    at(4),
    at(5),
    at(6) + (tall ? <usize>first * at(7) : 4 * first),
    at(7),
    tall ? count : rows,
    tall ? columns : count,
    whole(10),
    whole(11) !== 0,
    ownOf(at(12), productScratch),
  )
}

/** Bytes of the probabilities of one head. */
function headBytes(tokens: i32): usize {
  return 4 * <usize>tokens * ((tokens + 3) & ~3)
}

/** Some examples; a batch of one stays in one thread. */
function attentionPart(part: i32, parts: i32): void {
  const tokens = whole(6)
  const heads = whole(7)
  const size = whole(8)
  const first = partBegin(whole(5), part, parts, 1)
  const keep = whole(4) !== 0
  const row: usize = 4 * <usize>tokens * heads * size
  attention(
    at(0) + 3 * first * row,
    at(1) ? at(1) + 4 * <usize>first * tokens : 0,
    at(2) + first * row,
    keep ? at(3) + <usize>first * heads * headBytes(tokens) : ownOf(at(3), headBytes(tokens)),
    keep,
    partBegin(whole(5), part + 1, parts, 1) - first,
    tokens,
    heads,
    size,
    ownOf(at(9), productScratch),
  )
}

/** Some examples. */
function attentionGradientPart(part: i32, parts: i32): void {
  const tokens = whole(5)
  const heads = whole(6)
  const size = whole(7)
  const first = partBegin(whole(4), part, parts, 1)
  const row: usize = 4 * <usize>tokens * heads * size
  attentionGradient(
    at(0) + 3 * first * row,
    at(1) + <usize>first * heads * headBytes(tokens),
    at(2) + first * row,
    at(3) + 3 * first * row,
    partBegin(whole(4), part + 1, parts, 1) - first,
    tokens,
    heads,
    size,
    ownOf(at(8), headBytes(tokens)),
    ownOf(at(9), productScratch),
  )
}

/** Some numbers. */
function geluSlopePart(part: i32, parts: i32): void {
  const first = partBegin(whole(3), part, parts, 16)
  const from: usize = 4 * first
  geluSlope(at(0) + from, at(1) + from, at(2) + from, partBegin(whole(3), part + 1, parts, 16) - first)
}

/** Some parameters. */
function adamwPart(part: i32, parts: i32): void {
  const count = whole(11) - whole(10)
  const first = whole(10) + partBegin(count, part, parts, 32)
  const last = whole(10) + partBegin(count, part + 1, parts, 32)
  const clipFactor = <f32>argument(9)
  adamw(at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), clipFactor, first, last)
}

/** Some prunable weights. */
function witnessPart(part: i32, parts: i32): void {
  const first = partBegin(whole(11), part, parts, 32)
  const last = partBegin(whole(11), part + 1, parts, 32)
  witness(at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), <f32>argument(9), first, last)
}
