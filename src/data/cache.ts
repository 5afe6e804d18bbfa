import type { Bytes, Host } from '../core/host'

/** Small enough that a cancelled download loses little, large enough that a round trip is worth it. */
const blockBytes = 1 << 20
/** Requests under way at once. */
const parallel = 4
/** Blocks held in memory, for neighbouring reads that share one. */
const held = 16

/**
 * Called with bytes as they arrive, and whether they came from the network or from the cache; never for a file that is
 * whole.
 */
export type Arrival = (bytes: number, from: 'source' | 'cache') => void

/**
 * A file read through the host's cache in blocks of 1 MiB. Every block is stored when it arrives, so a read that was
 * cancelled or lost its network goes on where it stopped. `key` must change when the content does.
 */
export function cachedBytes(
  file: Bytes,
  key: string,
  cache: Host['cache'],
  arrival: Arrival,
  signal: AbortSignal,
): Bytes {
  const memory = new Map<number, Promise<ArrayBuffer>>()
  const take = async (index: number): Promise<ArrayBuffer> => {
    signal.throwIfAborted()
    const start = index * blockBytes
    const end = Math.min(start + blockBytes, file.byteLength)
    const kept = await cache.get(`${key}#${index}`)
    // A block of the wrong length is a damaged entry: it is read again.
    if (kept && kept.byteLength === end - start) return arrived(kept, 'cache')
    const fresh = await file.slice(start, end)
    await cache.put(`${key}#${index}`, fresh)
    return arrived(fresh, 'source')
  }
  const arrived = (bytes: ArrayBuffer, from: 'source' | 'cache') => {
    if (!file.whole) arrival(bytes.byteLength, from)
    return bytes
  }
  const limit = queue(parallel)
  const block = (index: number): Promise<ArrayBuffer> => {
    const known = memory.get(index)
    if (known) return known
    const promise = limit(() => take(index))
    memory.set(index, promise)
    // The next read must ask for a failed block again.
    promise.catch(() => memory.delete(index))
    if (memory.size > held) memory.delete(memory.keys().next().value ?? -1)
    return promise
  }
  return {
    ...shapeOf(file),
    async slice(start, end = file.byteLength) {
      const first = Math.floor(start / blockBytes)
      const count = Math.ceil(Math.min(end, file.byteLength) / blockBytes) - first
      const blocks = await Promise.all(Array.from({ length: Math.max(0, count) }, (_, i) => block(first + i)))
      return cut(blocks, start - first * blockBytes, Math.min(end, file.byteLength) - start)
    },
  }
}

/** A file whose reads are counted and end with the signal; nothing is kept. */
export function countedBytes(file: Bytes, arrival: Arrival, signal: AbortSignal): Bytes {
  return {
    ...shapeOf(file),
    async slice(start, end) {
      signal.throwIfAborted()
      const bytes = await file.slice(start, end)
      if (!file.whole) arrival(bytes.byteLength, 'source')
      return bytes
    },
  }
}

function shapeOf({ byteLength, whole }: Bytes): Pick<Bytes, 'byteLength' | 'whole'> {
  return { byteLength, ...(whole && { whole }) }
}

/** `length` bytes from `offset` of the joined blocks. */
function cut(blocks: readonly ArrayBuffer[], offset: number, length: number): ArrayBuffer {
  const only = blocks[0]
  if (only && blocks.length === 1) return only.slice(offset, offset + length)
  const out = new Uint8Array(Math.max(0, length))
  let at = -offset
  for (const buffer of blocks) {
    const from = Math.max(0, -at)
    const to = Math.min(buffer.byteLength, length - at)
    if (to > from) out.set(new Uint8Array(buffer, from, to - from), at + from)
    at += buffer.byteLength
  }
  return out.buffer
}

/** Runs at most `width` tasks at once, the others in the order they came. */
function queue(width: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (task) => {
    if (running >= width) await new Promise<void>((go) => waiting.push(go))
    running++
    try {
      return await task()
    } finally {
      running--
      waiting.shift()?.()
    }
  }
}
