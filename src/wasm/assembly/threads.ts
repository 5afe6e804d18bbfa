/**
 * Threads that share the work of a kernel. A job falls into parts that write to different places; whoever is free takes
 * the next one, so that nobody waits for a thread that the machine runs elsewhere. Which thread computes a number does
 * not change its bits.
 *
 * A meeting place lies in shared memory: the ticket (in the lower half of 64 bits the job's count of parts << 16 | the
 * next part, above them a number of the job), signal, parts done, kind, and the numbers that the kernel is called with.
 */

let place: usize = 0
let threadCount: i32 = 1
/** This thread's own number; 0 hands out the work. */
let thread: i32 = 0

const signalAt: usize = 8
const doneAt: usize = 12
const kindAt: usize = 16
const argumentsAt: usize = 32
/** Looks at a place that another thread will change, before this one sleeps. */
const looks: i32 = 2000
/** A job of fewer operations is done before another thread is awake. */
const fewOperations: f64 = 2e5
/** With more, a job has parts to spare for the thread that is done first. */
const manyOperations: f64 = 4e6

/** Enters the meeting place as thread `number` of `count`. */
export function meet(at: usize, number: i32, count: i32): void {
  place = at
  thread = number
  threadCount = count
}

/** Argument `i` of the job under way, a float64 as all of them. */
export function argument(i: i32): f64 {
  return load<f64>(place + argumentsAt + 8 * <usize>i)
}

/** This thread's share of memory, of which each has `bytes`. */
export function ownOf(memory: usize, bytes: usize): usize {
  return memory + <usize>thread * bytes
}

/** Parts for a job of so many operations, `most` at most. */
export function partsOf(operations: f64, most: i32): i32 {
  if (operations < fewOperations) return 1
  return max(1, min(most, operations < manyOperations ? threadCount : 2 * threadCount))
}

/** The first of `length` numbers that belongs to a part, a multiple of `unit`. */
export function partBegin(length: i32, part: i32, parts: i32, unit: i32): i32 {
  const units = (length + unit - 1) / unit
  return min(length, unit * <i32>((<i64>units * part) / parts))
}

/** Hands out a job, whose arguments lie in their place already. */
export function begin(kind: i32, parts: i32): void {
  store<i32>(place + kindAt, kind)
  atomic.store<i32>(place + doneAt, 0)
  const job = (atomic.load<i64>(place) >> 32) + 1
  atomic.store<i64>(place, (job << 32) | ((<i64>parts) << 16))
  atomic.add<i32>(place + signalAt, 1)
  atomic.notify(place + signalAt, threadCount - 1)
}

/** Takes a part of the job under way. @returns part << 16 | parts; -1 where none is left */
export function takePart(): i32 {
  const ticket = <i32>(atomic.add<i64>(place, 1) & 0xffffffff)
  const part = ticket & 0xffff
  const parts = ticket >>> 16
  return part < parts ? (part << 16) | parts : -1
}

/** Says that a part is done. */
export function endPart(parts: i32): void {
  if (atomic.add<i32>(place + doneAt, 1) === parts - 1) atomic.notify(place + doneAt, 1)
}

/** Waits until all parts are done. */
export function end(parts: i32): void {
  for (let look = 0; ; look++) {
    const done = atomic.load<i32>(place + doneAt)
    if (done === parts) return
    if (look > looks) atomic.wait<i32>(place + doneAt, done, -1)
  }
}

/** Waits for a job that is newer than `seen`, what this returned before. */
export function nextJob(seen: i32): i32 {
  let signal = atomic.load<i32>(place + signalAt)
  for (let look = 0; signal === seen; look++) {
    if (look > looks) atomic.wait<i32>(place + signalAt, seen, -1)
    signal = atomic.load<i32>(place + signalAt)
  }
  return signal
}

/** The kind of the job under way. */
export function jobKind(): i32 {
  return load<i32>(place + kindAt)
}
