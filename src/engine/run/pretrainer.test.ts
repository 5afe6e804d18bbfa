import { beforeAll, expect, test } from 'vitest'
import { openTask, workloadOf } from '../../bench/workloads'
import { modelOf } from '../../config/modelOf'
import { pruningFor } from '../../config/pruningFor'
import { nodeHost } from '../../host/node'
import { patchObjective } from '../../starts/maskedPatches'
import { tokenObjective } from '../../starts/maskedTokens'
import { turning } from '../../starts/rotation'
import { startPortableBackend } from '../../tf/portable'
import { recordModel } from '../twin/wasmModel'
import { layoutOf } from './pretrainer'

beforeAll(async () => {
  await startPortableBackend('wasm', '')
})

test.each([
  ['vit-toy', 'masked patches', patchObjective(0.6)],
  ['vit-toy', 'rotation', turning],
  ['bert-toy', 'masked tokens', tokenObjective(0.15)],
] as const)('%s, %s: a step is calls of our kernels alone', async (name, _, objective) => {
  const { experiment, input } = await openTask(workloadOf(name), nodeHost({ dataDir: '' }))
  const model = modelOf(experiment)
  const layout = layoutOf({ model, values: experiment.model.values, input }, objective)
  const report = { backend: 'wasm', device: '', software: false, reason: '' } as const
  const blueprint = { experiment, pruning: pruningFor(experiment), model, objective, input, layout, report }
  expect(Object.keys(recordModel(blueprint, 1).passes)).toContain('train')
})
