import type { ProblemData } from '../core/problem'
import {
  lostTooOften,
  usualPatience,
  type Lease,
  type Patience,
  type RunFiles,
  type RunJob,
  type RunQueue,
} from './runQueue'

interface Entry {
  readonly job: RunJob
  state: 'waiting' | 'running' | 'finished' | 'failed'
  /** When it may be leased, or its lock runs out; milliseconds. */
  at: number
  token: string
  worker: string
  step: number
  failures: number
  /** Leases since the newest checkpoint. */
  begun: number
  checkpoint: Uint8Array | null
  problem: ProblemData | null
  files: RunFiles
}

/** A queue for one evening: it is gone with its process. */
export function memoryQueue(patience: Patience = usualPatience, now = () => performance.now()): RunQueue {
  // In the order in which they are leased.
  const entries = new Map<string, Entry>()
  const listed = (state: Entry['state']) => [...entries.values()].filter((entry) => entry.state === state)

  const toFront = (entry: Entry) => {
    const others = [...entries].filter(([, other]) => other !== entry)
    entries.clear()
    for (const [id, other] of [[entry.job.id, entry] as const, ...others]) entries.set(id, other)
  }

  const wait = (entry: Entry, ms: number) => {
    Object.assign(entry, { state: 'waiting', at: now() + ms, token: '', worker: '' })
  }

  const setAside = (entry: Entry, problem: ProblemData) => {
    Object.assign(entry, { state: 'failed', problem, token: '', checkpoint: null })
  }

  /** Takes back what was leased to workers that are gone. */
  const settle = () => {
    for (const entry of listed('running')) {
      if (entry.at > now()) continue
      if (entry.begun >= patience.losses) setAside(entry, lostTooOften(entry.job.id, entry.begun))
      else {
        wait(entry, 0)
        toFront(entry)
      }
    }
  }

  /** The run of a lease that is still held. */
  const held = ({ job, token }: Lease): Entry | null => {
    settle()
    const entry = entries.get(job.id)
    return entry?.state === 'running' && entry.token === token ? entry : null
  }

  const change = (lease: Lease, to: (entry: Entry) => void): Promise<boolean> => {
    const entry = held(lease)
    if (entry) to(entry)
    return Promise.resolve(entry !== null)
  }

  return {
    patience,
    add: (jobs) => {
      const before = entries.size
      for (const job of jobs)
        if (!entries.has(job.id)) entries.set(job.id, { job, state: 'waiting', at: 0, ...nothing })
      return Promise.resolve(entries.size - before)
    },
    lease: (worker) => {
      settle()
      const entry = listed('waiting').find(({ at, job }) => at <= now() && job.not !== worker)
      if (!entry) return Promise.resolve(null)
      const token = crypto.randomUUID()
      Object.assign(entry, { state: 'running', at: now() + patience.lockMs, token, worker, begun: entry.begun + 1 })
      return Promise.resolve({ job: entry.job, worker, token, checkpoint: entry.checkpoint })
    },
    extend: (lease, step) =>
      change(lease, (entry) => {
        Object.assign(entry, { at: now() + patience.lockMs, step })
      }),
    save: (lease, step, checkpoint) =>
      change(lease, (entry) => {
        Object.assign(entry, { at: now() + patience.lockMs, step, checkpoint, begun: 1 })
      }),
    finish: (lease, files) =>
      change(lease, (entry) => {
        Object.assign(entry, { state: 'finished', files, token: '', checkpoint: null, step: entry.job.steps })
      }),
    fail: (lease, problem) =>
      change(lease, (entry) => {
        entry.failures++
        entry.begun = 0
        if (entry.failures >= patience.attempts) setAside(entry, problem)
        else wait(entry, patience.backoffMs * 2 ** (entry.failures - 1))
      }),
    giveBack: (lease) =>
      change(lease, (entry) => {
        entry.begun--
        wait(entry, 0)
        toFront(entry)
      }),
    list: () => {
      settle()
      const ids = (state: Entry['state']) => listed(state).map(({ job }) => job.id)
      return Promise.resolve({
        waiting: ids('waiting'),
        running: listed('running').map(({ job: { id, steps }, worker, step }) => ({ id, worker, step, steps })),
        finished: ids('finished'),
        failed: listed('failed').flatMap(({ job: { id, link }, problem }) => (problem ? { id, link, problem } : [])),
      })
    },
    result: (id) => {
      const entry = entries.get(id)
      return Promise.resolve(entry?.state === 'finished' ? { files: entry.files, worker: entry.worker } : null)
    },
    forget: (ids) => {
      for (const id of ids) if (entries.get(id)?.state !== 'running') entries.delete(id)
      return Promise.resolve()
    },
    clear: () => {
      entries.clear()
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
}

const nothing = {
  token: '',
  worker: '',
  step: 0,
  failures: 0,
  begun: 0,
  checkpoint: null,
  problem: null,
  files: {},
} as const
