import { expect, it } from 'vitest'
import { defaultExperiment } from '../../config/defaults'
import { placeTensors } from '../../core/layout'
import { modelOf } from '../../config/modelOf'
import { dawn } from '../../gpu/testing'
import { nodeThreads } from '../../host/nodeThreads'
import { openExecutor } from './runtime'
import { reasonFor } from './softwareOrWasm'

it('says which is faster, with the figures', () => {
  expect(reasonFor('llvmpipe', { gpu: 9.4, wasm: 28 })).toBe(
    'The only WebGPU adapter here is llvmpipe, which computes on the processor, and WebAssembly is faster '
      + '(products: 9.4 GFLOP/s there, 28.0 in WebAssembly).',
  )
  expect(reasonFor('llvmpipe', { gpu: 40, wasm: 0 })).toContain('but faster than WebAssembly (products: 40.0 GFLOP/s')
})

it('times a software adapter beside wasm where nobody asked for either, and takes the faster one', async () => {
  const experiment = { ...defaultExperiment, model: { id: 'mlp', values: { width: 8 } } }
  const input = { task: 'image', shape: [8, 8, 3], classes: 4, mean: [0, 0, 0], deviation: [1, 1, 1] } as const
  const layout = placeTensors(modelOf(experiment).tensors(experiment.model.values, input))
  const options = { gpu: dawn(), backend: 'auto', allowSoftware: false, wasm: '', threads: nodeThreads(2) } as const
  const executor = await openExecutor(experiment, input, layout, options)
  const { report } = executor
  executor.dispose()
  const [gpu, wasm] = /products: ([\d.]+) GFLOP\/s there, ([\d.]+) in/.exec(report.reason)!.slice(1).map(Number)
  expect(Math.min(gpu!, wasm!)).toBeGreaterThan(0)
  // Rounded, the two may look alike.
  if (gpu !== wasm) expect(report.backend).toBe(wasm! > gpu! ? 'wasm' : 'webgpu')
})
