import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plannedRuns } from '../../config/recipe'
import { experimentOf, smallMlp } from '../../engine/testing'
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

describe.skipIf(noRedis !== null)('many workers', () => {
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

  /** A worker as a process of its own. */
  const worker = () => {
    const options = ['--backend', 'cpu', '--data', folder, '--lock', '2', '--save-every', '0.1']
    const child = spawn(process.execPath, [sentinel, 'work', '--queue', redis.url, ...options], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
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

  it('goes on without the one who asked, and sets aside what cannot be made', async () => {
    const queue = await openQueue(redis.url)
    await queue.clear()
    const interrupt = new AbortController()
    const comparison = queued('left', interrupt.signal)
    while ((await queue.list()).waiting.length < ids.length) await setTimeout(20)
    interrupt.abort()
    const left = await comparison
    expect(left.ended).toBe('interrupted')
    expect(left.log).toContain(`The queue goes on with ${ids.length} runs`)
    await queue.clear()
    await queue.close()
  })
})
