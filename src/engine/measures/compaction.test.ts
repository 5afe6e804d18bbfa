import { afterEach, describe, expect, it } from 'vitest'
import { headerOf } from '../../core/safetensorsHeader'
import { compactTensors } from './compaction'
import type { Session } from '../run/session'
import { smallBert, smallVit, testSession, untilTheEnd } from '../testing'
import { weightsFile } from '../run/weightsFile'

const sessions: Session[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose()
})

async function run(settings: Readonly<Record<string, unknown>>, backend: 'webgpu' | 'wasm'): Promise<Session> {
  const { session } = await testSession({ 'training.steps': 8, ...settings }, backend)
  sessions.push(session)
  await session.run(untilTheEnd)
  return session
}

const heads = {
  ...smallVit,
  method: 'structured',
  'method.unit': 'head',
  'method.sparsity': 0.6,
  'model.width': 24,
  'model.heads': 6,
}

describe.each(['webgpu', 'wasm'] as const)('on %s', (backend) => {
  it.each([
    ['ViT', smallVit],
    ['BERT', smallBert],
  ])('%s: gates of units that stay are sliced, and the logits agree to 1e-5', async (_name, settings) => {
    const session = await run({ ...settings, method: 'slimming', 'method.sparsity': 0.5 }, backend)
    const { inference } = await session.measuredResult()
    expect(inference?.compact?.difference).toBeLessThan(1e-5)
    const small = compactTensors(session.executor, await session.tensors())
    for (const {
      name,
      shape: [count],
    } of small?.filter((t) => t.name.endsWith('mlp/gates')) ?? []) {
      expect(small?.find((t) => t.name === name.replace('gates', 'in/weights'))?.shape[1]).toBe(count)
    }
    const gates = inference?.compact?.units.reduce((sum, { kept }) => sum + kept, 0)
    expect(small?.filter((t) => t.name.endsWith('gates')).reduce((sum, t) => sum + t.values.length, 0)).toBe(gates)
  })
})

it('a compact file has blocks of as many heads as are left of each, and biases of theirs', async () => {
  const session = await run(heads, 'wasm')
  const file = weightsFile('compact', session.experiment, session.executor, await session.tensors())!
  const { tensors } = headerOf(file, 'compact')
  const shape = (name: string) => tensors.get(name)!.shape
  // Width 24 in 6 heads of 4; of 12 heads 0.4 * 12 = 4.8, so 5 stay.
  const left = [0, 1].map((block) => shape(`block${block}/attention/query/weights`)[1]! / 4)
  expect(left.reduce((a, b) => a + b, 0)).toBe(5)
  left.forEach((count, block) => {
    expect(shape(`block${block}/attention/value/bias`)).toEqual([4 * count])
    expect(shape(`block${block}/attention/output/weights`)).toEqual([4 * count, 24])
    expect(shape(`block${block}/attention/output/bias`)).toEqual([24])
    expect(shape(`block${block}/attention/key/weights.mask`)).toEqual([24, 4 * count])
  })
})

it('there is no compact file of a model of which every unit is alive', async () => {
  const session = await run({ ...smallVit, method: 'nm' }, 'wasm')
  expect(weightsFile('compact', session.experiment, session.executor, await session.tensors())).toBeNull()
})
