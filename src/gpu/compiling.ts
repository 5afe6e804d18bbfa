/** How many pipelines of a device are being compiled, for a progress bar: compilations begin in many places at once. */

interface Watcher {
  done: number
  total: number
  readonly listener: (done: number, total: number) => void
}

const watchers = new WeakMap<GPUDevice, Set<Watcher>>()

/** Counts a compilation that has begun; answers the same promise. */
export function countCompilation<T>(device: GPUDevice, compilation: Promise<T>): Promise<T> {
  const told = [...(watchers.get(device) ?? [])]
  for (const watcher of told) tell(watcher, 0, 1)
  const finished = () => {
    for (const watcher of told) tell(watcher, 1, 0)
  }
  compilation.then(finished, finished)
  return compilation
}

/**
 * Hears of every compilation that begins from now on: how many are done, of how many begun so far.
 * @returns ends the watch
 */
export function watchCompilations(device: GPUDevice, listener: (done: number, total: number) => void): () => void {
  const watcher: Watcher = { done: 0, total: 0, listener }
  const all = watchers.get(device) ?? new Set()
  watchers.set(device, all.add(watcher))
  return () => {
    all.delete(watcher)
  }
}

function tell(watcher: Watcher, done: number, total: number): void {
  watcher.done += done
  watcher.total += total
  watcher.listener(watcher.done, watcher.total)
}
