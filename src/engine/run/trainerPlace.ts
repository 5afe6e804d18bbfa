import type { Loader } from '../../core/dataset'
import type { Host } from '../../core/host'
import type { OpenOptions, TrainerEvent } from '../../core/trainer'
import type { SessionOptions } from './openSession'

/** What the trainer needs of the place it runs in. */
export interface TrainerPlace {
  host(files: readonly File[]): Host
  /** What loads examples where there are files; undefined where it is done here. */
  loader?(files: readonly File[]): Loader | undefined
  readonly gpu: GPU | undefined
  readonly wasm: string | Readonly<Record<string, string>>
  /** Times variants of kernels, and remembers the fastest in the host's cache. */
  readonly tune?: boolean
  /** Milliseconds from one checkpoint of a run to the next, at least; half a minute unless given. */
  readonly saveEveryMs?: number
}

/** What opening a run needs of the place and of what was asked for. */
export function optionsAt(
  place: TrainerPlace,
  { files, backend, allowSoftware }: OpenOptions,
  signal: AbortSignal,
  emit: (event: TrainerEvent) => void,
): SessionOptions {
  const { gpu, wasm, tune = false } = place
  return { host: place.host(files), load: place.loader?.(files), gpu, wasm, tune, signal, backend, allowSoftware, emit }
}
