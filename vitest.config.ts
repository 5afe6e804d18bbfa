import { defineConfig } from 'vitest/config'
import { assembly } from './scripts/assembly.mjs'
import { methodTexts } from './scripts/methodTexts.mjs'
import { findRealData } from './scripts/realData.mjs'
import { findVulkan } from './scripts/vulkan.mjs'
import { worlds } from './scripts/worlds.mjs'

export default defineConfig({
  plugins: [assembly(), methodTexts()],
  test: {
    environment: 'node',
    // lavapipe's own threads would only wait for each other beside two workers.
    env: { ...findVulkan()?.env, LP_NUM_THREADS: '0', PLAYGROUND_DATA: findRealData() ?? '' },
    // Dawn's addon is not safe to load in two threads of one process, and a software GPU takes every core it finds.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: worlds.map((test) => ({ extends: true as const, test })),
  },
})
