/** A real Redis on loopback, for tests. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureRedis } from '../../../scripts/redis.mjs'

const program = ensureRedis()

/** Why tests that need Redis are left out; null where they run. */
export const noRedis = program
  ? null
  : 'Not run: tests of the queue on Redis, because there is no redis-server and none can be installed here.'

export interface RedisServer {
  readonly url: string
  /** Ends it as a crash would, and starts it again on what it had written. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Starts a server that nobody else can reach. @param options such as `--appendonly yes` */
export async function startRedis(...options: readonly string[]): Promise<RedisServer> {
  if (!program) throw new Error('There is no redis-server.')
  const [folder, port] = [mkdtempSync(join(tmpdir(), 'redis-')), await freePort()]
  const begin = async () => {
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...options]
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (text: Buffer) => {
        if (text.includes('Ready to accept connections')) resolve()
      })
      child.on('close', (code) => reject(new Error(`redis-server ended with code ${code}.`)))
    })
    return child
  }
  let child = await begin()
  return {
    url: `redis://127.0.0.1:${port}`,
    restart: async () => {
      await ended(child)
      child = await begin()
    },
    stop: async () => {
      await ended(child)
      rmSync(folder, { recursive: true })
    },
  }
}

async function ended(child: ChildProcess): Promise<void> {
  const closed = new Promise((resolve) => child.on('close', resolve))
  child.kill('SIGKILL')
  await closed
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
