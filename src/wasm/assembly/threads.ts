/**
 * Threads that share the work of a kernel. A job falls into parts that write to different places; whoever is free takes
 * the next one, so that nobody waits for a thread that the machine runs elsewhere. Which thread computes a number does
 * not change its bits.
 *
 * A meeting place lies in shared memory, 128 bytes: the ticket (the job's count of parts << 16 | the next part, in the
 * lower half of 64 bits; a number of the job above them), signal, parts done, kind, and 24 words of arguments.
 */

/** Where threads meet; 0 where there is one alone. */
let place: usize = 0
let threadCount: i32 = 1
/** This thread's own number; 0 hands out the work. */
let thread: i32 = 0
/** Whether this thread works on a part, which is not shared again. */
let inPart: bool = false

const signalAt: usize = 8
const doneAt: usize = 12
const kindAt: usize = 16
const argumentsAt: usize = 32
/** Looks at a place that another thread will change, before this one sleeps. */
const looks: i32 = 2000

/** Enters the meeting place as thread `number` of `count`. */
export function meet(at: usize, number: i32, count: i32): void {
  place = at
  thread = number
  threadCount = count
}

/** This thread's share of scratch memory, of which each has `bytes`. */
export function ownScratch(scratch: usize, bytes: usize): usize {
  return scratch + <usize>thread * bytes
}

/** Parts for a job of so many operations; 1 where sharing costs more than it saves. */
export function partsOf(operations: f64, most: i32): i32 {
  if (ASC_FEATURE_THREADS) {
    if (!place || inPart || threadCount === 1 || operations < 2e5) return 1
    return min(most, operations < 4e6 ? threadCount : 2 * threadCount)
  }
  return 1
}

/** The first number of a part of `length` numbers, which is a multiple of `unit`. */
export function partBegin(length: i32, part: i32, parts: i32, unit: i32): i32 {
  const units = (length + unit - 1) / unit
  return min(length, unit * <i32>((<i64>units * part) / parts))
}

/** Where the arguments of the job under way lie; words. */
export function jobArguments(): usize {
  return place + argumentsAt
}

/** Hands out a job, whose arguments lie in their place already. */
export function begin(kind: i32, parts: i32): void {
  if (ASC_FEATURE_THREADS) {
    store<i32>(place + kindAt, kind)
    atomic.store<i32>(place + doneAt, 0)
    const job = (atomic.load<i64>(place) >> 32) + 1
    atomic.store<i64>(place, (job << 32) | ((<i64>parts) << 16))
    atomic.add<i32>(place + signalAt, 1)
    atomic.notify(place + signalAt, threadCount - 1)
    inPart = true
  }
}

/** Takes a part of the job under way. @returns part << 16 | parts; -1 where none is left */
export function takePart(): i32 {
  if (ASC_FEATURE_THREADS) {
    const ticket = <i32>(atomic.add<i64>(place, 1) & 0xffffffff)
    const part = ticket & 0xffff
    const parts = ticket >>> 16
    return part < parts ? (part << 16) | parts : -1
  }
  return -1
}

/** Says that a part is done. */
export function endPart(parts: i32): void {
  if (ASC_FEATURE_THREADS) {
    if (atomic.add<i32>(place + doneAt, 1) === parts - 1) atomic.notify(place + doneAt, 1)
  }
}

/** Waits until all parts are done. */
export function end(parts: i32): void {
  if (ASC_FEATURE_THREADS) {
    inPart = false
    for (let look = 0; ; look++) {
      const done = atomic.load<i32>(place + doneAt)
      if (done === parts) return
      if (look > looks) atomic.wait<i32>(place + doneAt, done, -1)
    }
  }
}

/** Waits for a job that is newer than `seen`, what this returned before. */
export function nextJob(seen: i32): i32 {
  if (ASC_FEATURE_THREADS) {
    inPart = true
    for (let look = 0; ; look++) {
      const signal = atomic.load<i32>(place + signalAt)
      if (signal !== seen) return signal
      if (look > looks) atomic.wait<i32>(place + signalAt, seen, -1)
    }
  }
  return seen
}

/** The kind of the job under way. */
export function jobKind(): i32 {
  return load<i32>(place + kindAt)
}
