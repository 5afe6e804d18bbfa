import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toLink } from '../../config/link'
import { plannedRuns } from '../../config/recipe'
import { experimentOf, smallMlp } from '../../engine/testing'
import { redisQueue } from '../../queue/redisQueue'
import { usualPatience } from '../../queue/runQueue'
import { noRedis, startRedis, type RedisServer } from '../../queue/testing/redisServer'
import { attackSize } from '../attack/size'
import { compare, recipeOf } from '../compare'
import { screenOn } from '../screen'
import { builtCommand } from '../testing/builtCommand'
import { compareQueued } from './compareQueued'
import { openQueue } from './openQueue'
import { showQueue } from './showQueue'

const never = new AbortController().signal
/** So many that a worker can be killed in mid-run. */
const steps = attackSize(200, 4000)
const disturbances = attackSize(2, 20)
const experiment = experimentOf({ ...smallMlp, 'training.steps': steps, 'method.begin': 0.1 })
const opened = { experiment, notes: [] }
// 8 runs, at night 24: dense ones, and three methods.
const { recipe } = recipeOf(opened, {
  methods: 'dense,magnitude,random,snip',
  sparsities: '.75',
  seeds: attackSize(0, 1) ? '1,2,3,4,5,6' : '1,2',
})
const ids = plannedRuns(recipe, experiment).map(({ runId }) => runId)

function logged() {
  const log: string[] = []
  return { log, screen: screenOn({ write: (text) => log.push(text) }) }
}

if (noRedis !== null)
  it('is left out', () => {
    console.warn(noRedis)
  })
else describe('many workers', manyWorkers)

function manyWorkers(): void {
  const folder = mkdtempSync(join(tmpdir(), 'many-'))
  let sentinel = ''
  let redis: RedisServer
  beforeAll(async () => {
    ;[sentinel, redis] = await Promise.all([builtCommand(), startRedis('--appendonly', 'yes')])
  }, 240_000)
  afterAll(async () => {
    await redis.stop()
    rmSync(folder, { recursive: true })
  })

  /** A worker as a process of its own. @param within a command that starts it */
  const worker = (more: readonly string[] = [], within: readonly string[] = []) => {
    const options = ['--backend', 'cpu', '--data', folder, '--lock', '2', '--save-every', '0.1', ...more]
    const words = [...within, process.execPath, sentinel, 'work', '--queue', redis.url, ...options]
    const child = spawn(words[0] ?? '', words.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] })
    let log = ''
    child.stderr.on('data', (text: Buffer) => (log += text.toString()))
    return { child, ended: new Promise<number | null>((resolve) => child.on('close', resolve)), log: () => log }
  }

  const queued = async (out: string, signal = never, check?: number) => {
    const queue = await openQueue(redis.url)
    const { log, screen } = logged()
    const options = { out: join(folder, out), files: [], force: false, queue, ...(check ? { check } : {}) }
    try {
      const ended = await compareQueued(opened, recipe, options, screen, signal)
      return { ended, log: log.join('') }
    } finally {
      await queue.close()
    }
  }

  const read = (...path: readonly string[]) => readFileSync(join(folder, ...path))

  it(
    'gives the tables and weights of the local command, whatever happens to workers and Redis',
    async () => {
      const local = compare(
        opened,
        recipe,
        { data: folder, files: [], backend: 'cpu', allowSoftware: true, out: join(folder, 'local'), force: false },
        logged().screen,
        never,
      )
      expect(await local).toBe('finished')

      const workers = [worker(), worker(), worker()]
      const comparison = queued('shared')
      const queue = await openQueue(redis.url)
      /** Waits until some run is in the midst of its steps. */
      const midst = async () => {
        for (;;) {
          const { running, finished } = await queue.list()
          if (running.some(({ step }) => step > 0)) return
          if (finished.length === ids.length) throw new Error('It was over too soon.')
          await setTimeout(20)
        }
      }
      for (let time = 0; time < disturbances; time++) {
        await midst()
        await setTimeout(Math.random() * 500)
        const at = time % workers.length
        if (time % 5 === 1) {
          // Longer than its lock is good for.
          workers[at]?.child.kill('SIGSTOP')
          await setTimeout(4500)
          workers[at]?.child.kill('SIGCONT')
        } else {
          workers[at]?.child.kill('SIGKILL')
          expect(await workers[at]?.ended).toBeNull()
          workers[at] = worker()
        }
        if (time % 5 === 4) await redis.restart()
      }
      expect((await comparison).ended).toBe('finished')
      const shown: string[] = []
      await showQueue(queue, null, { line: (text) => shown.push(text) })
      expect(shown).toEqual([`0 waiting, 0 running, ${ids.length} finished, 0 failed`])
      for (const name of ['table.md', 'table.csv', 'runs.csv'])
        expect(read('shared', name).toString()).toBe(read('local', name).toString())
      for (const id of ids) {
        expect(readdirSync(join(folder, 'shared', id))).toEqual(readdirSync(join(folder, 'local', id)))
        expect(read('shared', id, 'weights.safetensors').equals(read('local', id, 'weights.safetensors'))).toBe(true)
      }

      // Another folder finds all of it made; some of it is made by other workers again, and is the same.
      const again = await queued('again', never, 2)
      expect(again.log).toMatch(new RegExp(`^0 runs were added to the queue; ${ids.length} are in it already\\.`))
      expect(again.log).toMatch(/Of 2 runs that were made twice \(.+\), 2 have the same weights to the bit\./)
      expect(read('again', 'table.md').equals(read('local', 'table.md'))).toBe(true)

      for (const { child } of workers) child.kill('SIGTERM')
      expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual([143, 143, 143])
      await queue.close()
    },
    attackSize(240_000, 1_800_000),
  )

  it('goes on without the one who asked', async () => {
    const queue = await openQueue(redis.url)
    await queue.clear()
    const interrupt = new AbortController()
    const comparison = queued('left', interrupt.signal)
    while ((await queue.list()).waiting.length < ids.length) await setTimeout(20)
    interrupt.abort()
    const left = await comparison
    expect(left.ended).toBe('interrupted')
    expect(left.log).toContain(`The queue goes on with ${ids.length} runs`)
    await queue.close()
  })

  it('sets aside what cannot be made, with its Problem, and makes the rest', async () => {
    const queue = await redisQueue(redis.url, { ...usualPatience, backoffMs: 50 })
    await queue.clear()
    const jobs = plannedRuns(recipe, experiment).map((run) => ({ id: run.runId, link: toLink(run.experiment), steps }))
    await queue.add([{ id: 'bad', link: '#/v1?start=file', steps: 1 }, ...jobs.slice(0, 2)])
    expect(await worker(['--until-empty']).ended).toBe(0)
    const { finished, failed } = await queue.list()
    expect(finished).toHaveLength(2)
    expect(failed).toMatchObject([{ id: 'bad', problem: { fix: expect.stringMatching(/./) as unknown } }])
    const shown: string[] = []
    await showQueue(queue, 'failed', { line: (text) => shown.push(text) })
    expect(shown).toEqual(['0 waiting, 0 running, 2 finished, 0 failed'])
    await queue.close()
  })

  // A disk of the worker's own, which nobody else sees.
  const smallDisk = ['unshare', '-rm', 'sh', '-c', 'mount -t tmpfs -o size=16k none "$TMPDIR" && exec "$@"', 'sh']
  if (spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0)
    it('takes no run along when a disk is full', async () => {
      const queue = await openQueue(redis.url)
      await queue.clear()
      const [first] = plannedRuns(recipe, experiment)
      await queue.add([{ id: first!.runId, link: toLink(first!.experiment), steps }])
      const place = join(folder, 'small')
      mkdirSync(place)
      const full = worker([], ['env', `TMPDIR=${place}`, ...smallDisk])
      expect(await full.ended).toBe(1)
      expect(full.log()).toContain('The disk of this worker is full: No space is left for')
      expect(await queue.list()).toMatchObject({ waiting: [first!.runId], running: [], failed: [] })
      expect(await worker(['--until-empty']).ended).toBe(0)
      expect((await queue.list()).finished).toEqual([first!.runId])
      await queue.close()
    })
  else console.warn('Not run: a worker on a full disk, because no disk may be mounted here.')
}
