import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attackSize } from '../cli/attack/size'
import { memoryQueue } from './memoryQueue'
import { redisQueue } from './redisQueue'
import { conformance } from './testing/conformance'
import { noRedis, startRedis, type RedisServer } from './testing/redisServer'

conformance('in memory', (patience) => Promise.resolve(memoryQueue(patience)))

if (noRedis) console.warn(noRedis)
else
  describe('on a real server', () => {
    let server: RedisServer
    beforeAll(async () => {
      server = await startRedis('--requirepass', 'secret')
    })
    afterAll(() => server.stop())
    const withPassword = (password: string) => server.url.replace('//', `//:${password}@`)

    conformance('on Redis', async (patience) => {
      const queue = await redisQueue(withPassword('secret'), patience)
      await queue.clear()
      return queue
    })

    it('says what is wrong with an address', async () => {
      await expect(redisQueue(server.url)).rejects.toMatchObject({ what: `${server.url} asks for a password.` })
      await expect(redisQueue(withPassword('wrong'))).rejects.toMatchObject({
        what: `${server.url} refuses the password.`,
      })
      await expect(redisQueue('redis://127.0.0.1:1')).rejects.toMatchObject({
        what: 'Nothing answers at redis://127.0.0.1:1.',
      })
      await expect(redisQueue('redis://no.invalid')).rejects.toMatchObject({
        what: 'There is no host of the name in redis://no.invalid.',
      })
      await expect(redisQueue('http://127.0.0.1')).rejects.toMatchObject({
        what: '"http://127.0.0.1" is no address of Redis.',
      })
    })

    it('adds, deduplicates and lists many runs within seconds', async () => {
      const queue = await redisQueue(withPassword('secret'))
      await queue.clear()
      const jobs = Array.from({ length: attackSize(2000, 10_000) }, (_, i) => ({
        id: `r${i}`,
        link: '#/v1',
        steps: 1,
      }))
      const since = performance.now()
      expect(await queue.add(jobs)).toBe(jobs.length)
      expect(await queue.add(jobs)).toBe(0)
      expect((await queue.list()).waiting).toHaveLength(jobs.length)
      const seconds = (performance.now() - since) / 1000
      console.info(`${jobs.length} runs: ${seconds.toFixed(2)} s`)
      expect(seconds).toBeLessThan(10)
      await queue.close()
    })
  })
