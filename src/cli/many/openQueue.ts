import { usualPatience, type RunQueue } from '../../queue/runQueue'

/**
 * The queue at an address; what it is made of is loaded only now.
 * @param lockSeconds until the lock of a worker that is gone runs out
 * @throws Problem where it cannot be reached
 */
export async function openQueue(url: string, lockSeconds = usualPatience.lockMs / 1000): Promise<RunQueue> {
  const { redisQueue } = await import('../../queue/redisQueue')
  return redisQueue(url, { ...usualPatience, lockMs: 1000 * lockSeconds })
}
