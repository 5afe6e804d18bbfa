import { expect, it, vi } from 'vitest'
import type { TrainerEvent } from '../core/trainer'
import { openDevices } from './run/runtime'
import { smallVit, testSession } from './testing'

/** Labels of the pipelines that opening an experiment and its first step make the device compile. */
async function compiled(settings: Readonly<Record<string, unknown>>): Promise<string[]> {
  const [device] = openDevices()
  if (!device) throw new Error('No device is open.')
  const spies = [vi.spyOn(device, 'createComputePipeline'), vi.spyOn(device, 'createComputePipelineAsync')]
  const { session } = await testSession(settings)
  await session.advance(1)
  await session.result()
  session.dispose()
  const labels = spies.flatMap((spy) => spy.mock.calls.map(([{ label = '' }]) => label))
  for (const spy of spies) spy.mockRestore()
  return labels
}

const compilations = (events: readonly TrainerEvent[]) =>
  events.flatMap((e) => (e.type === 'compiling' ? [e.progress] : []))

it('compiles before it is ready, says how far it is, and nothing twice', async () => {
  const { session, events } = await testSession({ ...smallVit, method: 'magnitude' })
  const heard = compilations(events)
  expect(heard.length).toBeGreaterThan(20)
  expect(heard[0]).toEqual({ text: 'Compiling kernels', done: 0, total: 1 })
  expect(heard.at(-1)!.done).toBe(heard.at(-1)!.total)
  for (const [i, { done }] of heard.entries()) expect(done).toBeGreaterThanOrEqual(heard[i - 1]?.done ?? 0)
  expect(events.findLastIndex((e) => e.type === 'compiling')).toBeLessThan(events.findIndex((e) => e.type === 'opened'))
  await session.advance(1)
  session.dispose()

  expect(await compiled({ ...smallVit, method: 'magnitude' })).toEqual([])
  expect(await compiled({ ...smallVit, method: 'magnitude', seed: 5 })).toEqual([])
  expect(await compiled({ ...smallVit, method: 'snip' })).toEqual(['score'])
})

it('compiles everything while it waits, and nothing in the first step', async () => {
  const { session: first } = await testSession({ ...smallVit, 'model.width': 12, method: 'magnitude' })
  first.dispose()
  const [device] = openDevices()
  const now = vi.spyOn(device!, 'createComputePipeline')
  const { session } = await testSession({
    ...smallVit,
    'model.patch': 2,
    'model.width': 16,
    'training.dropout': 0.1,
    'training.optimizer': 'sgd',
  })
  await session.advance(2)
  await session.executor.evaluate([])
  session.dispose()
  expect(now).not.toHaveBeenCalled()
  now.mockRestore()
})
