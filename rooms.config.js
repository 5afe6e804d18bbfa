/**
 * Which room may import which: the one table that lint reads (`scripts/lint/rooms.mjs`). A room is a folder or a file;
 * the longest match wins. Listed are other rooms and packages; what is not listed may not be imported at run time.
 * `import type` from packages is free everywhere, so a model's `forward` is typed without loading tfjs. Tests are free.
 */
export const rooms = {
  // The list of all kernels, and rooms by what they are for; parts have no entry point.
  shaders: ['shaders/*', 'src/core/bits.ts'],
  'shaders/parts': [],
  'shaders/train': ['shaders/parts', 'src/core/bits.ts'],
  'shaders/formula': ['shaders/parts', 'shaders/train', 'src/core/bits.ts'],
  'shaders/select': ['shaders/parts', 'shaders/train', 'shaders/formula', 'src/core/bits.ts'],
  'shaders/show': ['shaders/parts', 'src/core/bits.ts'],
  'shaders/transformer': ['shaders/parts'],
  'src/core': [],
  'src/core/mapScales.ts': ['src/core', 'd3-scale-chromatic'],
  'src/maths': ['src/core'],
  'src/methods': ['src/core', 'src/maths'],
  'src/models': ['src/core'],
  'src/starts': ['src/core', 'src/hub', 'src/data'],
  'src/data': ['src/core', '@zip.js/zip.js', 'fflate', 'hyparquet', 'hyparquet-compressors'],
  'src/hub': ['src/core', 'src/data'],
  'src/config': ['src/core', 'src/methods', 'src/models', 'src/starts', 'src/data'],
  'src/gpu': ['src/core', 'shaders'],
  'src/wasm': ['src/core', 'virtual:kernels'],
  'src/tf': [
    'src/core',
    'src/gpu',
    'src/wasm',
    'shaders',
    '@tensorflow/tfjs',
    '@tensorflow/tfjs-core',
    '@tensorflow/tfjs-core/dist/*',
    '@tensorflow/tfjs-backend-cpu',
    '@tensorflow/tfjs-backend-webgpu',
    '@tensorflow/tfjs-backend-wasm',
  ],
  // Rooms of the engine, from the ground up. At its top lie tests of whole runs alone.
  'src/engine': [],
  'src/engine/executor': ['src/core', 'src/config', 'src/data', 'src/gpu', 'src/tf', 'shaders'],
  'src/engine/measures': ['src/engine/executor', 'src/core', 'src/config', 'src/data', 'shaders'],
  'src/engine/cuts': [
    'src/engine/executor',
    'src/engine/measures',
    'src/core',
    'src/maths',
    'src/config',
    'src/data',
    'src/tf',
    'shaders',
  ],
  'src/engine/webgpu': [
    'src/engine/executor',
    'src/engine/measures',
    'src/engine/cuts',
    'src/core',
    'src/config',
    'src/data',
    'src/gpu',
    'src/tf',
    'shaders',
  ],
  'src/engine/twin': [
    'src/engine/executor',
    'src/engine/measures',
    'src/engine/cuts',
    'src/core',
    'src/config',
    'src/data',
    'src/gpu',
    'src/tf',
    'src/wasm',
    'shaders',
  ],
  'src/engine/run': [
    'src/engine/executor',
    'src/engine/measures',
    'src/engine/cuts',
    'src/engine/webgpu',
    'src/engine/twin',
    'src/core',
    'src/config',
    'src/data',
    'src/hub',
    'src/gpu',
    'src/tf',
    'src/wasm',
    'shaders',
  ],
  'src/bench': ['src/*', 'shaders', 'package.json', '@jax-js/jax', '@tensorflow/tfjs-backend-webgpu'],
  'src/host': ['src/core', 'node:*', 'fflate', 'comlink', '@tensorflow/tfjs-backend-wasm'],
  'src/worker.ts': ['src/*', 'comlink'],
  'src/decoder.ts': ['src/*', 'comlink'],
  'src/benchWorker.ts': ['src/*', 'comlink'],
  'src/cli': ['src/*', 'docs/results/*', 'node:*', 'commander', 'webgpu'],
  'src/cli/attack': ['src/*', 'node:*', 'fflate', 'hyparquet-writer'],
  app: ['src/core', 'src/config', 'app/*', 'react', 'react-dom', 'comlink'],
  'app/bench': ['src/core', 'src/bench', 'app/controls', 'react', 'comlink'],
  'app/store': ['src/core', 'src/config', 'zustand', 'react', 'react-dom', 'idb'],
  'app/controls': ['src/core', 'react', 'katex'],
  'app/charts': ['src/core', 'app/controls', 'react', 'react-dom', 'recharts'],
  'app/panels': ['src/core', 'src/maths', 'src/config', 'app/store', 'app/charts', 'app/controls', 'react'],
  e2e: [
    'src/core',
    'src/config',
    'src/cli/attack/size.ts',
    'src/data/testing.ts',
    'src/host/testing.ts',
    'app/store/kept/entry.ts',
    'node:*',
    '@playwright/test',
    'fast-png',
  ],
  'src/host/testing.ts': ['src/host', 'node:*'],
  'src/data/hostile.ts': ['src/core', 'src/data/testing.ts', 'node:*', 'fflate'],
  'src/data/testing.ts': ['src/core', 'src/host', 'node:*', 'fast-png', 'hyparquet-writer'],
}

/**
 * Rooms whose files do not import each other, and the files in them that all may import. A file may have parts of its
 * own in a folder of its name.
 */
export const separate = {
  'src/methods': ['axes', 'gates', 'pattern'],
  'src/models': ['blocks', 'mixture'],
  'src/starts': ['pretraining', 'trunk'],
  'app/panels': ['panel'],
}

/**
 * Where a module may be loaded late (data sets load their decoders so, and the engine the side that computes); elsewhere
 * `import()` would slip past the table.
 */
export const lateLoaders = [
  'src/worker.ts',
  'src/cli',
  'src/data',
  'src/starts',
  'app/main.tsx',
  'app/charts/Chart.tsx',
  'app/controls/Formula.tsx',
  'app/panels/subsetSum.tsx',
  'app/panels/weightMap.tsx',
  'src/engine/run/runtime.ts',
  'src/engine/run/display.ts',
  'src/tf/portable.ts',
  'src/bench/peers/tfjs.ts',
]
