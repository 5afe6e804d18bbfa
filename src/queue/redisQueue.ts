/**
 * Runs on BullMQ: the id of a run is the id of its job, so that none is queued twice. Checkpoints and files of finished
 * runs lie beside the jobs, under keys of their own.
 */
import { Queue, UnrecoverableError, Worker, type Job } from 'bullmq'
import type { Redis } from 'ioredis'
import { Problem, type ProblemData } from '../core/problem'
import { connectRedis } from './connectRedis'
import {
  lostTooOften,
  usualPatience,
  type Lease,
  type Listing,
  type Patience,
  type RunFiles,
  type RunJob,
  type RunQueue,
} from './runQueue'

/** Seconds for which what is finished or failed is kept: two weeks. */
export const keptSeconds = 14 * 24 * 3600

const name = 'sentinel'
/** Milliseconds until a worker is asked again for a run that it may not make. */
const refusedMs = 500

/** What a job says while it is made, and of its end. */
interface Reported {
  readonly worker: string
  readonly step: number
}
interface Ended {
  readonly worker: string
  /** Names the key of its files. */
  readonly token: string
}
/** Undefined before its end. */
type RunOf = Job<RunJob, Ended | undefined>

/** A queue on Redis or Valkey. @throws Problem where that cannot be reached */
export async function redisQueue(url: string, patience: Patience = usualPatience): Promise<RunQueue> {
  const redis = await connectRedis(url)
  const connection = redis
  const queue = new Queue<RunJob, Ended | undefined>(name, {
    connection,
    defaultJobOptions: {
      attempts: patience.attempts,
      backoff: { type: 'exponential', delay: patience.backoffMs },
      removeOnComplete: { age: keptSeconds },
      removeOnFail: { age: keptSeconds },
    },
  })
  queue.on('error', ignore)
  const leased = new Map<string, RunOf>()
  let fetching: Promise<Worker<RunJob, Ended | undefined>> | null = null

  /** Fetches runs by hand; the one that also notices locks that ran out. */
  const fetcher = () =>
    (fetching ??= (async () => {
      const worker = new Worker<RunJob, Ended | undefined>(name, null, {
        connection,
        autorun: false,
        lockDuration: patience.lockMs,
        stalledInterval: Math.ceil(patience.lockMs / 2),
        // Lost workers are counted below: a run that got further meanwhile may lose any number.
        maxStalledCount: 1e6,
      })
      worker.on('error', ignore)
      await worker.waitUntilReady()
      await worker.startStalledCheckTimer()
      return worker
    })())

  /** The next job that this worker may make. */
  const next = async (worker: string): Promise<{ job: RunOf; token: string } | null> => {
    const from = await fetcher()
    // A job that was put off is not met again in this round.
    for (;;) {
      const token = crypto.randomUUID()
      // The type says otherwise, but there may be none.
      const job = (await from.getNextJob(token, { block: false })) as RunOf | undefined
      if (!job) return null
      if (job.data.not === worker) {
        await job.moveToDelayed(Date.now() + refusedMs, token)
        continue
      }
      const begun = await redis.hincrby(begunKey, job.data.id, 1)
      if (begun <= patience.losses) return { job, token }
      const problem = lostTooOften(job.data.id, begun - 1)
      await job.moveToFailed(new UnrecoverableError(JSON.stringify(problem)), token, false)
      await drop(redis, job.data.id)
    }
  }

  /** Calls `to` with the job of a lease; false where the lease is not held. */
  const withJob = async (lease: Lease, to: (job: RunOf) => Promise<unknown>): Promise<boolean> => {
    const job = leased.get(lease.token)
    if (!job || (await job.extendLock(lease.token, patience.lockMs)) !== 1) {
      leased.delete(lease.token)
      return false
    }
    await to(job)
    return true
  }

  /** As `withJob`, for what ends the lease. */
  const ending = async (lease: Lease, to: (job: RunOf) => Promise<unknown>): Promise<boolean> => {
    try {
      return await withJob(lease, to)
    } catch (error) {
      if (isLost(error)) return false
      throw error
    } finally {
      leased.delete(lease.token)
    }
  }

  const report = (job: RunOf, { worker }: Lease, step: number) =>
    job.updateProgress({ worker, step } satisfies Reported)

  return {
    patience,
    add: async (jobs) => {
      const known = new Set(await queue.getRanges(['waiting', 'delayed', 'active', 'completed', 'failed'], 0, -1))
      const added = [...new Map(jobs.map((job) => [jobIdOf(job.id), job]))].filter(([id]) => !known.has(id))
      for (let from = 0; from < added.length; from += portion)
        await queue.addBulk(
          added.slice(from, from + portion).map(([jobId, data]) => ({ name: 'run', data, opts: { jobId } })),
        )
      return added.length
    },
    lease: async (worker) => {
      const found = await next(worker)
      if (!found) return null
      const { job, token } = found
      leased.set(token, job)
      const saved = await redis.getBuffer(savedKey(job.data.id))
      const lease = { job: job.data, worker, token, checkpoint: saved && Uint8Array.from(saved) }
      await report(job, lease, reportedBy(job).step)
      return lease
    },
    extend: (lease, step) =>
      withJob(lease, async (job) => {
        if (reportedBy(job).step !== step) await report(job, lease, step)
      }),
    save: (lease, step, checkpoint) =>
      withJob(lease, async (job) => {
        await redis.set(savedKey(lease.job.id), Buffer.from(checkpoint), 'EX', keptSeconds)
        await redis.hset(begunKey, lease.job.id, 1)
        await report(job, lease, step)
      }),
    finish: (lease, files) =>
      ending(lease, async (job) => {
        const { token, worker } = lease
        // Under the key of this lease: whoever lost the lock cannot overwrite what another worker finished.
        const key = filesKey(lease.job.id, token)
        await redis.hset(key, new Map(Object.entries(files).map(([file, bytes]) => [file, Buffer.from(bytes)])))
        await redis.expire(key, keptSeconds)
        try {
          await job.moveToCompleted({ worker, token }, token, false)
        } catch (error) {
          await redis.del(key)
          throw error
        }
        await drop(redis, lease.job.id)
      }),
    fail: (lease, problem) =>
      ending(lease, async (job) => {
        await redis.hdel(begunKey, lease.job.id)
        await job.moveToFailed(new Error(JSON.stringify(problem)), lease.token, false)
        if (await job.isFailed()) await drop(redis, lease.job.id)
      }),
    giveBack: (lease) =>
      ending(lease, async (job) => {
        await redis.hincrby(begunKey, lease.job.id, -1)
        await job.moveToWait(lease.token)
      }),
    list: async (): Promise<Listing> => {
      const ids = async (states: Parameters<typeof queue.getRanges>[0]) =>
        (await queue.getRanges(states, 0, -1, true)).map(runIdOf)
      const [waiting, finished, active, failed] = await Promise.all([
        ids(['waiting', 'delayed']),
        ids(['completed']),
        queue.getJobs(['active']) as Promise<RunOf[]>,
        queue.getJobs(['failed']) as Promise<RunOf[]>,
      ])
      return {
        waiting,
        finished,
        running: active.map((job) => ({ id: job.data.id, steps: job.data.steps, ...reportedBy(job) })),
        failed: failed.map(({ data: { id, link }, failedReason }) => ({ id, link, problem: problemOf(failedReason) })),
      }
    },
    result: async (id) => {
      const ended = (await queue.getJob(jobIdOf(id)))?.returnvalue
      if (!ended) return null
      const files = await redis.hgetallBuffer(filesKey(id, ended.token))
      const names = Object.keys(files)
      return names.length === 0 ? null : { files: bytesOf(files), worker: ended.worker }
    },
    forget: async (ids) => {
      for (const id of ids) {
        const job = await queue.getJob(jobIdOf(id))
        if (!job || (await job.isActive())) continue
        if (job.returnvalue) await redis.del(filesKey(id, job.returnvalue.token))
        await job.remove()
        await drop(redis, id)
      }
    },
    clear: async () => {
      await queue.obliterate({ force: true })
      for await (const keys of redis.scanStream({ match: `${name}-*`, count: portion }) as AsyncIterable<string[]>)
        if (keys.length > 0) await redis.del(...keys)
    },
    close: async () => {
      await (await fetching)?.close(true)
      await queue.close()
      redis.disconnect()
    },
  }
}

/** Jobs that are sent at once. */
const portion = 1000

// Keys of ours begin unlike BullMQ's, which begin with "bull:".
const begunKey = `${name}-begun`
const savedKey = (id: string) => `${name}-saved:${id}`
const filesKey = (id: string, token: string) => `${name}-files:${id}:${token}`

/** BullMQ takes no whole numbers for ids, and an id of a run may have no letter in it. */
const jobIdOf = (id: string) => `run-${id}`
const runIdOf = (jobId: string) => jobId.slice('run-'.length)

/** Removes what only a run that goes on needs. */
async function drop(redis: Redis, id: string): Promise<void> {
  await redis.del(savedKey(id))
  await redis.hdel(begunKey, id)
}

function reportedBy({ progress }: RunOf): Reported {
  return typeof progress === 'object' && 'worker' in progress ? (progress as Reported) : { worker: '', step: 0 }
}

function bytesOf(files: Readonly<Record<string, Buffer>>): RunFiles {
  return Object.fromEntries(Object.entries(files).map(([file, bytes]) => [file, Uint8Array.from(bytes)]))
}

function problemOf(reason: string | undefined): ProblemData {
  try {
    return Problem.from(JSON.parse(reason ?? '')).toJSON()
  } catch {
    return Problem.from(new Error(reason)).toJSON()
  }
}

/** Whether BullMQ refused because the lock is not held. */
function isLost(error: unknown): boolean {
  return error instanceof Error && /lock|not in the active state|Missing key/i.test(error.message)
}

/** A connection that is lost comes back, and calls wait for it. */
function ignore(): void {}
