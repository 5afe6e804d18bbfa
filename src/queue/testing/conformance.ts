import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Lease, Patience, RunQueue } from '../runQueue'

/** Locks that outlive a test on a busy machine. */
const patience: Patience = { lockMs: 60_000, backoffMs: 600, attempts: 3, losses: 2 }
/** Locks that run out within a test. */
const impatience: Patience = { ...patience, lockMs: 700 }

const jobOf = (id: string) => ({ id, link: `#/v1?${id}`, steps: 100 })
const bytes = (...values: readonly number[]) => Uint8Array.from(values)
const problem = { what: 'It broke.', fix: 'Mend it.' }

/** What every kind of queue promises. @param open an empty queue that is this patient */
export function conformance(kind: string, open: (patience: Patience) => Promise<RunQueue>): void {
  const opened =
    (test: (queue: RunQueue) => Promise<void>, how: Patience = patience) =>
    async () => {
      const queue = await open(how)
      try {
        await test(queue)
      } finally {
        await queue.close()
      }
    }
  /** The next run, as soon as there is one. */
  const leased = async (queue: RunQueue, worker = 'a'): Promise<Lease> => {
    for (const start = performance.now(); performance.now() - start < 10_000;) {
      const lease = await queue.lease(worker)
      if (lease) return lease
      await setTimeout(20)
    }
    throw new Error('No run came.')
  }

  describe(`a queue ${kind}`, () => {
    it(
      'knows a run once, whatever becomes of it',
      opened(async (queue) => {
        expect(await queue.add(['2', '1', '2'].map(jobOf))).toBe(2)
        expect(await queue.add(['1', '3'].map(jobOf))).toBe(1)
        expect((await queue.list()).waiting).toEqual(['2', '1', '3'])
        await queue.finish(await leased(queue), { 'result.json': bytes(1) })
        expect(await queue.add([jobOf('2')])).toBe(0)
        expect(await queue.list()).toMatchObject({ waiting: ['1', '3'], finished: ['2'], failed: [] })
      }),
    )

    it(
      'leases each run to one of many workers, in order, and tells who is how far',
      opened(async (queue) => {
        const ids = Array.from({ length: 40 }, (_, i) => `r${i}`)
        await queue.add(ids.map(jobOf))
        const first = await leased(queue, 'first')
        expect(first.job).toEqual(jobOf('r0'))
        expect(first.checkpoint).toBeNull()
        expect(await queue.extend(first, 7)).toBe(true)
        expect((await queue.list()).running).toEqual([{ id: 'r0', worker: 'first', step: 7, steps: 100 }])
        const taken: string[] = []
        const work = async (worker: string) => {
          for (let lease; (lease = await queue.lease(worker));) {
            taken.push(lease.job.id)
            expect(await queue.finish(lease, { worker: new TextEncoder().encode(worker) })).toBe(true)
          }
        }
        await Promise.all(['a', 'b', 'c', 'd'].map(work))
        expect(taken.sort()).toEqual(ids.slice(1).sort())
        await queue.giveBack(first)
        await work('e')
        expect((await queue.list()).finished.toSorted()).toEqual(ids.toSorted())
      }),
    )

    it(
      'keeps the files of a run to the byte, and who made it',
      opened(async (queue) => {
        await queue.add([jobOf('a'), jobOf('b')])
        const every = Uint8Array.from({ length: 256 }, (_, i) => i)
        const lease = await leased(queue, 'maker')
        expect(await queue.result('a')).toBeNull()
        expect(await queue.finish(lease, { every, 'result.json': bytes() })).toBe(true)
        expect(await queue.result('a')).toEqual({ files: { every, 'result.json': bytes() }, worker: 'maker' })
        expect(await queue.finish(lease, { every: bytes(1) })).toBe(false)
        expect((await queue.result('a'))?.files.every).toEqual(every)
        expect(await queue.result('b')).toBeNull()
        expect(await queue.result('unknown')).toBeNull()
      }),
    )

    it(
      'holds a lock that is extended, and hands the run on with its checkpoint when it is not',
      opened(async (queue) => {
        await queue.add([jobOf('a')])
        const lost = await leased(queue, 'lost')
        for (let step = 0; step < 9; step++) {
          await setTimeout(impatience.lockMs / 6)
          expect(await queue.extend(lost, step)).toBe(true)
          expect(await queue.lease('other')).toBeNull()
        }
        expect(await queue.save(lost, 9, bytes(3, 2, 1))).toBe(true)
        const other = await leased(queue, 'other')
        expect(other).toMatchObject({ worker: 'other', checkpoint: bytes(3, 2, 1) })
        // The first one wakes up.
        expect(await queue.extend(lost, 10)).toBe(false)
        expect(await queue.save(lost, 10, bytes(0))).toBe(false)
        expect(await queue.fail(lost, problem)).toBe(false)
        expect(await queue.giveBack(lost)).toBe(false)
        expect(await queue.finish(lost, { x: bytes(1) })).toBe(false)
        expect((await queue.list()).running).toEqual([{ id: 'a', worker: 'other', step: 9, steps: 100 }])
        expect(await queue.finish(other, { x: bytes(2) })).toBe(true)
        expect((await queue.result('a'))?.files).toEqual({ x: bytes(2) })
      }, impatience),
    )

    it(
      'tries again what failed, later, and sets it aside with its Problem at last',
      opened(async (queue) => {
        await queue.add([jobOf('bad'), jobOf('good')])
        expect(await queue.fail(await leased(queue), problem)).toBe(true)
        expect((await queue.lease('a'))?.job.id).toBe('good')
        expect(await queue.lease('a')).toBeNull()
        expect((await queue.list()).waiting).toEqual(['bad'])
        for (let again = 1; again < patience.attempts; again++) {
          const since = performance.now()
          const lease = await leased(queue)
          // Twice as long the second time; the clock of Redis is another one, and a little passed before.
          expect(performance.now() - since).toBeGreaterThan(0.6 * patience.backoffMs * 2 ** (again - 1))
          expect(await queue.fail(lease, problem)).toBe(true)
        }
        expect((await queue.list()).failed).toEqual([{ id: 'bad', link: jobOf('bad').link, problem }])
        expect(await queue.add([jobOf('bad')])).toBe(0)
        await queue.forget(['bad'])
        expect(await queue.add([jobOf('bad')])).toBe(1)
        expect((await leased(queue)).job.id).toBe('bad')
      }),
    )

    it(
      'sets aside a run that loses its workers without getting further',
      opened(async (queue) => {
        await queue.add([jobOf('a')])
        await leased(queue)
        const second = await leased(queue)
        // It gets further once, so that it may be lost as often again.
        expect(await queue.save(second, 5, bytes(5))).toBe(true)
        await leased(queue)
        for (const start = performance.now(); (await queue.list()).failed.length === 0;) {
          expect(performance.now() - start).toBeLessThan(10_000)
          expect(await queue.lease('a')).toBeNull()
          await setTimeout(50)
        }
        expect((await queue.list()).failed[0]?.problem.what).toBe(
          'Run a lost its worker 2 times without getting further.',
        )
      }, impatience),
    )

    it(
      'hands a run that was given back to the next who asks, and holds nothing against it',
      opened(async (queue) => {
        await queue.add([jobOf('a'), jobOf('b')])
        for (let time = 0; time < 2 * patience.losses; time++) {
          const lease = await leased(queue)
          expect(lease.job.id).toBe('a')
          expect(await queue.giveBack(lease)).toBe(true)
          expect(await queue.giveBack(lease)).toBe(false)
        }
      }),
    )

    it(
      'gives a run that is checked to another worker',
      opened(async (queue) => {
        await queue.add([{ ...jobOf('a'), not: 'maker' }, jobOf('b')])
        expect((await queue.lease('maker'))?.job.id).toBe('b')
        expect(await queue.lease('maker')).toBeNull()
        expect((await leased(queue, 'other')).job).toEqual({ ...jobOf('a'), not: 'maker' })
      }),
    )

    it(
      'forgets what nobody holds, and is empty when it is cleared',
      opened(async (queue) => {
        await queue.add(['a', 'b', 'c', 'd'].map(jobOf))
        await queue.finish(await leased(queue), { x: bytes(1) })
        const held = await leased(queue)
        await queue.forget(['a', 'b', 'c', 'unknown'])
        expect(await queue.list()).toMatchObject({ waiting: ['d'], finished: [], running: [{ id: 'b' }] })
        expect(await queue.result('a')).toBeNull()
        await queue.clear()
        expect(await queue.list()).toEqual({ waiting: [], running: [], finished: [], failed: [] })
        expect(await queue.extend(held, 1)).toBe(false)
        expect(await queue.finish(held, { x: bytes(1) })).toBe(false)
        expect(await queue.add([jobOf('b')])).toBe(1)
        expect((await leased(queue)).checkpoint).toBeNull()
      }),
    )
  })
}
