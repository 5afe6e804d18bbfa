import { expect, it } from 'vitest'
import type { Store } from '../../core/host'
import { memoryCache } from '../../data/testing'
import { problemOf } from '../../gpu/testing'
import { checkpointFile } from './checkpointFile'
import { SavedRun } from './savedRun'
import { checkpointAt } from '../testing/checkpointAt'

const at = (step: number) => checkpointAt(step, 'a')
const stepsIn = async (store: Store) => {
  const { checkpoint, otherDamaged } = await new SavedRun(store, 'a').newest()
  return [checkpoint.step, otherDamaged]
}

it('keeps the last two checkpoints, and takes the one before where the newest is damaged', async () => {
  const store = memoryCache()
  const saved = new SavedRun(store, 'a')
  for (const step of [10, 20, 30]) expect(await saved.put(at(step))).toBe(true)
  expect([...store.entries.keys()]).toEqual(['a-0.safetensors', 'a-1.safetensors'])
  expect(await stepsIn(store)).toEqual([30, false])
  const newest = new Uint8Array(store.entries.get('a-0.safetensors')!)
  newest[100]! ^= 1
  expect(await stepsIn(store)).toEqual([20, true])
  // The next one takes the place of the damaged one, not of the one that the run went on from.
  const next = new SavedRun(store, 'a')
  await next.newest()
  await next.put(at(25))
  expect(await stepsIn(store)).toEqual([25, false])
  store.entries.set('a-0.safetensors', new ArrayBuffer(0))
  expect(await stepsIn(store)).toEqual([20, false])
})

it('says what is wrong where both are damaged, or none is there', async () => {
  const store = memoryCache()
  const lost = { what: 'The browser did not keep the run.', about: 'checkpoint' }
  expect(await problemOf(stepsIn(store))).toMatchObject(lost)
  const saved = new SavedRun(store, 'a')
  await saved.put(at(10))
  await saved.put(at(20))
  for (const bytes of store.entries.values()) new Uint8Array(bytes)[9]! ^= 4
  const problem = await problemOf(stepsIn(store))
  expect([problem.what, problem.about]).toEqual([expect.stringContaining('no whole checkpoint'), 'checkpoint'])
  await saved.remove()
  expect(store.entries.size).toBe(0)
})

it('leaves nothing of an earlier attempt that was ahead, and nothing of other runs is touched', async () => {
  const store = memoryCache()
  const [first, other] = [new SavedRun(store, 'a'), new SavedRun(store, 'b')]
  await other.put(at(7))
  await first.put(at(800))
  await first.put(at(900))
  const again = new SavedRun(store, 'a')
  await again.put(at(10))
  expect(await stepsIn(store)).toEqual([10, false])
  await again.remove()
  expect([...store.entries.keys()]).toEqual(['b-0.safetensors'])
})

it('does with one checkpoint beside the newest where there is no room for three', async () => {
  const { entries, ...memory } = memoryCache()
  const { byteLength } = (await checkpointFile(at(1))).buffer
  const room = 2 * byteLength + 10
  const used = () => [...entries.values()].reduce((sum, bytes) => sum + bytes.byteLength, 0)
  // Writing aside takes room beside what is replaced.
  const put: Store['put'] = (key, bytes) =>
    used() + bytes.byteLength > room ? Promise.resolve(false) : memory.put(key, bytes)
  const saved = new SavedRun({ ...memory, put }, 'a')
  for (const step of [10, 20, 30, 40]) expect(await saved.put(at(step))).toBe(true)
  expect(await stepsIn(memory)).toEqual([40, false])
  expect(await new SavedRun({ ...memory, put: () => Promise.resolve(false) }, 'a').put(at(1))).toBe(false)
})
