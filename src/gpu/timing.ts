/**
 * How long commands take on the device. It uses timestamps where they are precise. Most browsers round them to 65 or
 * 100 microseconds; then commands are repeated and timed by the wall clock.
 */
import type { Grid } from './kernel'

/** What can be timed: a dispatch, or a copy between buffers. Recorded commands are of this form. */
export type Timed =
  | { readonly pipeline: GPUComputePipeline; readonly bindGroup: GPUBindGroup; readonly grid: Grid }
  | {
      readonly kind: 'copy'
      readonly from: GPUBuffer
      readonly fromOffset: number
      readonly to: GPUBuffer
      readonly toOffset: number
      readonly size: number
    }

/** One command's time; `label` is its pipeline's, or `copy`. */
export interface CommandTime {
  readonly label: string
  /** Median nanoseconds. */
  readonly ns: number
}

/** Timestamps that are all multiples of this many nanoseconds are too coarse for a kernel. */
const coarseNs = 4096
/** A query set holds 4096 timestamps, two a command. */
const most = 2048
/** Commands are repeated until one measurement takes about this long, so that the steps of the clock do not matter. */
const measureNs = 1e6
/** A submit that takes longer than this to answer hides the time of a kernel. */
const answerNs = 5e6

/**
 * Times each command, in the order of the list. Buffers hold other numbers afterwards, for commands run `rounds` times
 * (more often, and each by itself, with the wall clock).
 */
export async function timeCommands(device: GPUDevice, commands: readonly Timed[], rounds = 5): Promise<CommandTime[]> {
  const ns = (await hasPreciseTimestamps(device))
    ? await byTimestamps(device, commands, rounds)
    : await byWallClock(device, commands, rounds)
  return commands.map((command, i) => ({
    label: 'pipeline' in command ? command.pipeline.label : 'copy',
    ns: ns[i] ?? NaN,
  }))
}

/** Sums of times by label, most expensive first; milliseconds. */
export function byLabel(times: readonly CommandTime[]): { label: string; count: number; ms: number }[] {
  const sums = new Map<string, { label: string; count: number; ms: number }>()
  for (const { label, ns } of times) {
    const before = sums.get(label) ?? { label, count: 0, ms: 0 }
    sums.set(label, { label, count: before.count + 1, ms: before.ms + ns / 1e6 })
  }
  return [...sums.values()].sort((a, b) => b.ms - a.ms)
}

/**
 * Median nanoseconds of one run of each command, measured in turns (A B A B), so that other work of the machine slows
 * all of them alike. A first run of each warms up and does not count; a second one counts and sets the repetitions of
 * the rest.
 * @param budgetMs ends the rounds early
 */
export async function timeInTurns(
  device: GPUDevice,
  commands: readonly Timed[],
  { rounds = 5, budgetMs = Infinity } = {},
): Promise<number[]> {
  const measure = (await hasPreciseTimestamps(device)) ? timestamped : wallClocked
  const end = performance.now() + budgetMs
  for (const command of commands) await measure(device, command, 1)
  const times: number[][] = []
  for (const command of commands) times.push([await measure(device, command, 1)])
  const repeats = times.map(([ns = 1]) => repetitions(ns))
  // A single run is too short to compare where it would be repeated.
  times.forEach((found, i) => {
    if (repeats[i] !== 1) found.length = 0
  })
  for (let round = 0; round < rounds && (performance.now() < end || times.some((found) => !found.length)); round++) {
    for (const [i, command] of commands.entries()) times[i]?.push(await measure(device, command, repeats[i] ?? 1))
  }
  return times.map(median)
}

/** Whether the device answers soon enough for kernels to be timed: Firefox may take 100 ms to say that work is done. */
export async function canTime(device: GPUDevice): Promise<boolean> {
  if (await hasPreciseTimestamps(device)) return true
  await submitted(device, null, 0)
  return (await submitted(device, null, 0)) < answerNs
}

/** The middle number, of an even count the lower of the two middle ones; NaN of none. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? NaN
}

/** How often a command of `ns` runs in one measurement. */
function repetitions(ns: number): number {
  return Math.max(1, Math.min(64, Math.floor(measureNs / Math.max(1, ns))))
}

const precise = new WeakMap<GPUDevice, Promise<boolean>>()

/** Whether the device tells time in steps below 4 microseconds. */
export function hasPreciseTimestamps(device: GPUDevice): Promise<boolean> {
  const known = precise.get(device)
  if (known) return known
  const found = device.features.has('timestamp-query') ? looksPrecise(device) : Promise.resolve(false)
  precise.set(device, found)
  return found
}

async function looksPrecise(device: GPUDevice): Promise<boolean> {
  const stamps = await stamp(
    device,
    Array.from({ length: 16 }, () => null),
    1,
  )
  return stamps.some((ns) => ns > 0) && stamps.some((ns) => ns % coarseNs !== 0 && ns % 1e5 !== 0)
}

async function byTimestamps(device: GPUDevice, commands: readonly Timed[], rounds: number): Promise<number[]> {
  const times: number[][] = commands.map(() => [])
  for (let round = 0; round <= rounds; round++) {
    for (let from = 0; from < commands.length; from += most) {
      const stamps = await stamp(device, commands.slice(from, from + most), 1)
      // The first round warms up.
      if (round > 0)
        for (let i = 0; i < stamps.length / 2; i++)
          times[from + i]?.push((stamps[2 * i + 1] ?? 0) - (stamps[2 * i] ?? 0))
    }
  }
  return times.map(median)
}

async function byWallClock(device: GPUDevice, commands: readonly Timed[], rounds: number): Promise<number[]> {
  const times: number[] = []
  for (const command of commands) {
    const [ns = NaN] = await timeInTurns(device, [command], { rounds })
    times.push(ns)
  }
  return times
}

async function timestamped(device: GPUDevice, command: Timed, repeats: number): Promise<number> {
  const [begin = 0, end = 0] = await stamp(device, [command], repeats)
  return (end - begin) / repeats
}

/** The cost of a submit is measured too, and subtracted. */
async function wallClocked(device: GPUDevice, command: Timed, repeats: number): Promise<number> {
  const empty = await submitted(device, null, 0)
  return Math.max(1, (await submitted(device, command, repeats)) - empty) / repeats
}

async function submitted(device: GPUDevice, command: Timed | null, repeats: number): Promise<number> {
  const encoder = device.createCommandEncoder({ label: 'timing' })
  if (command) encodeTimed(encoder, command, repeats)
  const begun = performance.now()
  device.queue.submit([encoder.finish()])
  await device.queue.onSubmittedWorkDone()
  return 1e6 * (performance.now() - begun)
}

/**
 * Runs commands (null: nothing) with a timestamp before and after each. @returns nanoseconds since the first, 2 a
 * command
 */
async function stamp(device: GPUDevice, commands: readonly (Timed | null)[], repeats: number): Promise<number[]> {
  const count = 2 * commands.length
  const querySet = device.createQuerySet({ type: 'timestamp', count })
  const resolved = device.createBuffer({
    label: 'timestamps',
    size: 8 * count,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  })
  const staging = device.createBuffer({
    label: 'timestamps',
    size: 8 * count,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  })
  const encoder = device.createCommandEncoder({ label: 'timestamps' })
  commands.forEach((command, i) => {
    encodeTimed(encoder, command, repeats, {
      querySet,
      beginningOfPassWriteIndex: 2 * i,
      endOfPassWriteIndex: 2 * i + 1,
    })
  })
  encoder.resolveQuerySet(querySet, 0, count, resolved, 0)
  encoder.copyBufferToBuffer(resolved, 0, staging, 0, 8 * count)
  device.queue.submit([encoder.finish()])
  await staging.mapAsync(GPUMapMode.READ)
  const times = new BigUint64Array(staging.getMappedRange().slice(0))
  for (const resource of [querySet, resolved, staging]) resource.destroy()
  return Array.from(times, (time) => Number(time - (times[0] ?? 0n)))
}

interface Stamps {
  readonly querySet: GPUQuerySet
  readonly beginningOfPassWriteIndex: number
  readonly endOfPassWriteIndex: number
}

function encodeTimed(encoder: GPUCommandEncoder, command: Timed | null, repeats: number, stamps?: Stamps): void {
  if (command && !('pipeline' in command)) {
    encodeCopy(encoder, command, repeats, stamps)
    return
  }
  const pass = encoder.beginComputePass(stamps ? { timestampWrites: stamps } : {})
  if (command) {
    pass.setPipeline(command.pipeline)
    pass.setBindGroup(0, command.bindGroup)
    for (let i = 0; i < repeats; i++) pass.dispatchWorkgroups(...command.grid)
  }
  pass.end()
}

/** Copies are outside of passes, so the timestamps are those of empty passes around them. */
function encodeCopy(
  encoder: GPUCommandEncoder,
  command: Extract<Timed, { kind: 'copy' }>,
  repeats: number,
  stamps?: Stamps,
): void {
  const { from, fromOffset, to, toOffset, size } = command
  const mark = (
    edge: { endOfPassWriteIndex: number } | { beginningOfPassWriteIndex: number },
    querySet: GPUQuerySet,
  ) => {
    encoder.beginComputePass({ timestampWrites: { querySet, ...edge } }).end()
  }
  if (stamps) mark({ endOfPassWriteIndex: stamps.beginningOfPassWriteIndex }, stamps.querySet)
  for (let i = 0; i < repeats; i++) encoder.copyBufferToBuffer(from, fromOffset, to, toOffset, size)
  if (stamps) mark({ beginningOfPassWriteIndex: stamps.endOfPassWriteIndex }, stamps.querySet)
}
