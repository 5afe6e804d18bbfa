/**
 * Chooses between variants of a kernel that give the same bits, by timing them on this device, within a small budget.
 * One that gives other bits here, whatever the reason, is not taken. Choices are remembered for the adapter. Kernels
 * for which the budget is too small run their default, and are timed at a later start.
 */
import type { Host } from '../core/host'
import { storageBuffer, uniformBuffer, write } from './buffers'
import { createKernel, encode, type Dispatch, type Grid, type Resource } from './kernel'
import { Readback } from './readback'
import { canTime, timeInTurns } from './timing'

/** One way to compute a kernel's outputs. */
export interface Variant {
  readonly name: string
  readonly code: string
  readonly grid: Grid
}

/** A kernel at given sizes with all its variants, the default first. */
export interface Tunable {
  /** Label and shapes, as shown to people. */
  readonly name: string
  readonly label: string
  readonly variants: readonly Variant[]
  /** Storage buffers by binding name. */
  readonly buffers: Readonly<Record<string, TunedBuffer>>
  /** Contents of the binding `shape`. */
  readonly uniform?: ArrayBuffer
}

export interface TunedBuffer {
  readonly bytes: number
  /** Whole numbers are filled with zeros and ones, valid as indices. */
  readonly kind: 'float32' | 'int32'
  /** The kernel writes it. */
  readonly written?: true
}

/** What timing found; nanoseconds of one run. */
export interface Choice {
  readonly variant: string
  readonly ns: number
  readonly defaultNs: number
}

export interface Tuner {
  /** The remembered choice; undefined for what was never timed. */
  choice(tunable: Pick<Tunable, 'name' | 'variants'>): Choice | undefined
  /** Times what has no choice yet, until the budget of this call is spent, and remembers. */
  measure(tunables: readonly Tunable[], progress: (done: number, total: number) => void): Promise<void>
}

/** Change it when the way of measuring changes: older choices are then forgotten. */
export const version = 2
const budgetMs = 1500
const kernelBudgetMs = 50
/** A variant must be this much faster than the default, or noise would choose. */
const margin = 0.05

/** A tuner with the choices that `cache` holds for the device's adapter; entries that it cannot read count as none. */
export async function openTuner(device: GPUDevice, cache: Pick<Host['cache'], 'get' | 'put'>): Promise<Tuner> {
  const place = cachePlace(device.adapterInfo)
  const choices = parseChoices(await cache.get(place).catch(() => null))
  const choice: Tuner['choice'] = (tunable) => choices.get(identity(tunable))
  return {
    choice,
    async measure(tunables, progress) {
      const fresh = new Map(tunables.filter((t) => !choice(t)).map((t) => [identity(t), t]))
      if (fresh.size === 0 || !(await canTime(device))) return
      const end = performance.now() + budgetMs
      let done = 0
      for (const [id, tunable] of fresh) {
        if (performance.now() > end) break
        progress(done++, fresh.size)
        const found = await time(device, tunable).catch(() => null)
        if (found) choices.set(id, found)
      }
      await cache
        .put(place, new TextEncoder().encode(JSON.stringify({ version, choices: Object.fromEntries(choices) })).buffer)
        .catch(() => undefined)
    },
  }
}

/** Times a kernel's variants on scratch buffers; those that do not compile on this device are left out. */
async function time(device: GPUDevice, tunable: Tunable): Promise<Choice> {
  const scratch = await scratchBuffers(device, tunable)
  try {
    const bound: { name: string; dispatch: Dispatch }[] = []
    const [first, ...others] = await Promise.allSettled(
      tunable.variants.map((v) => createKernel(device, tunable.label, v.code)),
    )
    if (first?.status !== 'fulfilled') throw first?.reason
    for (const [i, kernel] of [first, ...others].entries()) {
      const variant = tunable.variants[i]
      if (kernel.status === 'fulfilled' && variant)
        bound.push({ name: variant.name, dispatch: kernel.value.bind(scratch, variant.grid) })
    }
    const times = await timeInTurns(
      device,
      bound.map((b) => b.dispatch),
      { budgetMs: kernelBudgetMs },
    )
    const choice = fastest(bound.map(({ name }, i) => ({ name, ns: times[i] ?? Infinity })))
    const [standard, chosen] = [bound[0], bound.find(({ name }) => name === choice.variant)]
    if (!standard || !chosen || chosen === standard) return choice
    const same = await sameBits(device, writtenBy(tunable, scratch), standard.dispatch, chosen.dispatch)
    return same ? choice : { variant: standard.name, ns: choice.defaultNs, defaultNs: choice.defaultNs }
  } finally {
    for (const buffer of Object.values(scratch)) buffer.destroy()
  }
}

/** The fastest variant if it beats the first, the default, by the margin; else the default. */
export function fastest(times: readonly { readonly name: string; readonly ns: number }[]): Choice {
  const [standard = { name: '', ns: NaN }] = times
  const best = times.reduce((a, b) => (b.ns < a.ns ? b : a), standard)
  const { name, ns } = best.ns < (1 - margin) * standard.ns ? best : standard
  return { variant: name, ns, defaultNs: standard.ns }
}

async function scratchBuffers(device: GPUDevice, { buffers, uniform }: Tunable): Promise<Record<string, GPUBuffer>> {
  const scratch: Record<string, GPUBuffer> = {}
  for (const [name, { bytes, kind }] of Object.entries(buffers)) {
    const buffer = (scratch[name] = await storageBuffer(device, name, bytes))
    write(device, buffer, contents[kind](Math.ceil(bytes / 4)))
  }
  if (uniform) write(device, (scratch.shape = await uniformBuffer(device, 'shape', uniform.byteLength)), uniform)
  return scratch satisfies Record<string, Resource>
}

/** Floats lie between -1 and 1, since zeros and denormals are faster or slower than other numbers on some devices. */
const contents = {
  float32: (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i + 1)),
  int32: (length: number) => Int32Array.from({ length }, (_, i) => i & 1),
} as const

function writtenBy({ buffers }: Tunable, scratch: Readonly<Record<string, GPUBuffer>>): GPUBuffer[] {
  return Object.keys(buffers).flatMap((name) => (buffers[name]?.written && scratch[name] ? [scratch[name]] : []))
}

/** Whether two variants write the same bits; false, too, where the device has no room to find out. */
async function sameBits(device: GPUDevice, written: readonly GPUBuffer[], a: Dispatch, b: Dispatch): Promise<boolean> {
  try {
    const expected = await contentsAfter(device, written, a)
    const found = await contentsAfter(device, written, b)
    return expected.every((words, i) => isSame(words, found[i]))
  } catch {
    return false
  }
}

/** What a kernel writes into buffers of zeros. */
async function contentsAfter(
  device: GPUDevice,
  written: readonly GPUBuffer[],
  dispatch: Dispatch,
): Promise<Uint32Array[]> {
  const encoder = device.createCommandEncoder({ label: 'compared' })
  for (const buffer of written) encoder.clearBuffer(buffer)
  const pass = encoder.beginComputePass()
  encode(pass, [dispatch])
  pass.end()
  device.queue.submit([encoder.finish()])
  const copies = await new Readback(device).copy(written)
  return copies.map((bytes) => new Uint32Array(bytes))
}

function isSame(a: Uint32Array, b: Uint32Array | undefined): boolean {
  if (a.length !== b?.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Two kernels with the same identity are timed once: name, and the text and grid of all variants. */
function identity({ name, variants }: Pick<Tunable, 'name' | 'variants'>): string {
  return `${name} ${hash(variants.map((v) => `${v.name} ${v.grid.join()} ${v.code}`).join('\n'))}`
}

function cachePlace({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  return `tuning/${version}/${[vendor, architecture, device, description].join('/')}`
}

/** Entries that are not choices of this version are ignored: the cache may be old, cut off, or of another program. */
function parseChoices(bytes: ArrayBuffer | null): Map<string, Choice> {
  if (!bytes) return new Map()
  try {
    const found = JSON.parse(new TextDecoder().decode(bytes)) as { version?: unknown; choices?: unknown } | null
    if (found?.version !== version || typeof found.choices !== 'object' || !found.choices) return new Map()
    return new Map(Object.entries(found.choices).filter((entry): entry is [string, Choice] => isChoice(entry[1])))
  } catch {
    return new Map()
  }
}

function isChoice(value: unknown): value is Choice {
  if (typeof value !== 'object' || value === null) return false
  const { variant, ns, defaultNs } = value as Record<string, unknown>
  return typeof variant === 'string' && Number.isFinite(ns) && Number.isFinite(defaultNs)
}

const hashes = new Map<string, string>()

/** FNV-1a, 32 bits, from two starting points; texts are few and asked for often. */
function hash(text: string): string {
  const known = hashes.get(text)
  if (known !== undefined) return known
  let [a, b] = [0x811c9dc5, 0x01000193]
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193)
    b = Math.imul(b ^ text.charCodeAt(i), 0x01000193)
  }
  const made = [a, b].map((n) => (n >>> 0).toString(16).padStart(8, '0')).join('')
  hashes.set(text, made)
  return made
}
