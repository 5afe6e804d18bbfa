import { describe, expect, it } from 'vitest'
import { lateLoaders, rooms, separate } from '../../rooms.config.js'
import { objection, roomOf } from './rooms.mjs'

const tables = { rooms, separate, lateLoaders }
const refuses = (file: string, specifier: string, typeOnly = false) =>
  objection(file, specifier, typeOnly, tables) !== undefined

describe('the room table', () => {
  it('knows the room of a file by the longest match', () => {
    expect(
      ['app/panels/map.tsx', 'app/App.tsx', 'src/worker.ts', 'src/worker.test.ts'].map((path) => roomOf(path, rooms)),
    ).toEqual(['app/panels', 'app', 'src/worker.ts', undefined])
  })

  it.each([
    ['src/methods/snip.ts', '../engine/run/session'],
    ['src/methods/snip.ts', '@tensorflow/tfjs'],
    ['src/engine/run/session.ts', '../../../app/trainer'],
    ['src/engine/cuts/pruner.ts', '../run/session'],
    ['src/engine/measures/saved.ts', '../webgpu/gpuArena'],
    ['src/engine/webgpu/gpuModel.ts', '../twin/cpuModel'],
    ['src/engine/newcomer.ts', './run/session'],
    ['app/panels/map.tsx', '../../src/engine/run/session'],
    ['app/panels/map.tsx', './curves'],
    ['app/panels/map.tsx', './curves/useLooks'],
    ['app/panels/curves/useLooks.ts', '../map'],
    ['src/methods/snip.ts', './magnitude'],
    ['src/data/sst2.ts', '../methods'],
    ['src/core/scope.ts', '../config/check'],
    ['app/App.tsx', '../src/tf/backend'],
    ['app/store/run.ts', 'recharts'],
    ['src/gpu/device.ts', 'node:fs'],
    ['shaders/train/update.ts', '../select/mask'],
    ['shaders/transformer/linear.ts', '..'],
  ])('%s may not import %s', (file, specifier) => {
    expect(refuses(file, specifier)).toBe(true)
  })

  it.each([
    ['src/methods/snip.ts', '../core/method'],
    ['src/methods/index.ts', './snip'],
    ['src/methods/snip.ts', './axes'],
    ['app/panels/map.tsx', './map/useLooks'],
    ['app/panels/map/Legend.tsx', './useLooks'],
    ['app/panels/map/Legend.tsx', '../panel'],
    ['src/gpu/kernel.ts', '../../shaders'],
    ['src/gpu/kernel.ts', '../../shaders/parts/random.wgsl?raw'],
    ['shaders/select/mask.ts', '../train/norm'],
    ['shaders/index.ts', './select/mask'],
    ['src/config/registries.ts', '../data'],
    ['src/host/node.ts', 'node:fs/promises'],
    ['src/host/node.ts', './gpu'],
    ['app/panels/map.tsx', '../../src/core/trainer'],
    ['src/cli/main.ts', '../engine/run/session'],
    ['src/engine/run/session.ts', '../cuts/pruner'],
    ['app/main.tsx', 'react-dom/client'],
  ])('%s may import %s', (file, specifier) => {
    expect(refuses(file, specifier)).toBe(false)
  })

  it('lets types of packages in everywhere, and types of rooms only along the arrows', () => {
    expect(refuses('src/core/model.ts', '@tensorflow/tfjs', true)).toBe(false)
    expect(refuses('src/core/model.ts', '../engine/run/session', true)).toBe(true)
  })
})
