import { Redis } from 'ioredis'
import { messageOf, Problem } from '../core/problem'

/** An address without the password in it. */
export function shownAddress(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url)
    return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
  } catch {
    return url
  }
}

/**
 * Connects to Redis or Valkey; once connected, a lost connection is made again, and calls wait for it.
 * @throws Problem where nothing answers, or refuses
 */
export async function connectRedis(url: string): Promise<Redis> {
  const at = shownAddress(url)
  if (!/^rediss?:\/\/[^/]/.test(url) || !URL.canParse(url))
    throw new Problem(
      `"${at}" is no address of Redis.`,
      'Write redis://HOST, or rediss://:PASSWORD@HOST:PORT for TLS and a password.',
    )
  let isConnected = false
  let refusal: unknown = null
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: 10_000,
    retryStrategy: (times) => (isConnected ? Math.min(200 * times, 3000) : null),
  })
  redis.on('error', (error) => {
    refusal ??= error
  })
  try {
    await redis.connect()
    await redis.ping()
    isConnected = true
    return redis
  } catch (error) {
    redis.disconnect()
    throw refusalAt(at, messageOf(refusal ?? error), error)
  }
}

/** What to do about what Redis or the network answered. */
function refusalAt(at: string, reason: string, cause: unknown): Problem {
  const problem = (what: string, fix: string) => new Problem(what, fix, { cause })
  if (/WRONGPASS|invalid password|invalid username/i.test(reason))
    return problem(`${at} refuses the password.`, 'Correct it: redis://USER:PASSWORD@HOST, or redis://:PASSWORD@HOST.')
  if (/NOAUTH/.test(reason))
    return problem(`${at} asks for a password.`, 'Write it into the address: redis://:PASSWORD@HOST.')
  if (/ENOTFOUND|EAI_AGAIN/.test(reason))
    return problem(`There is no host of the name in ${at}.`, 'Correct the name, or write the number of the host.')
  if (/ECONNREFUSED/.test(reason))
    return problem(
      `Nothing answers at ${at}.`,
      'Start Redis or Valkey there ("redis-server"), or correct host and port.',
    )
  if (/certificate/i.test(reason))
    return problem(
      `${at} has a certificate that is not trusted here (${reason}).`,
      'For one of your own, set NODE_EXTRA_CA_CERTS to its file.',
    )
  if (/SSL|TLS|wrong version/i.test(reason) || (/ETIMEDOUT/.test(reason) && at.startsWith('rediss:')))
    return problem(`${at} does not answer in TLS (${reason}).`, 'Write redis:// for a server without TLS.')
  return problem(
    `${at} cannot be used (${reason}).`,
    'Look whether Redis runs there and may be reached from here; write rediss:// where it asks for TLS.',
  )
}
