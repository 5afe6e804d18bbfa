import { defineConfig } from 'vitest/config'
import { assembly } from './scripts/assembly.mjs'
import { findRealData } from './scripts/realData.mjs'
import { findVulkan } from './scripts/vulkan.mjs'

/** Rooms whose test files may share one process, which loads tfjs and Dawn once. Tests of others change or time it. */
const sharing = '{scripts,shaders,src/{cli,config,core,data,methods}}/**/*.test.ts'

export default defineConfig({
  plugins: [assembly()],
  test: {
    environment: 'node',
    env: { ...findVulkan()?.env, PLAYGROUND_DATA: findRealData() ?? '' },
    // Dawn's addon is not safe to load in two threads of one process, and a software GPU takes every core it finds.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'shared', include: [sharing], isolate: false } },
      // Not by an `exclude` of its own, which would take the place of the command line's.
      { extends: true, test: { name: 'apart', include: ['{app,src}/**/*.test.{ts,tsx}', `!${sharing}`] } },
    ],
  },
})
