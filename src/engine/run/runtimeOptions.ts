import type { SessionOptions } from './openSession'
import type { RuntimeOptions } from './runtime'

/** Where an executor of a session runs: with the host's threads and cache, and its compiling told. */
export function runtimeOptions(options: SessionOptions): RuntimeOptions {
  const { host, emit } = options
  return {
    ...options,
    cache: host.cache,
    ...(host.threads ? { threads: host.threads } : {}),
    progress: (progress) => emit({ type: 'compiling', progress }),
  }
}
