import { defineConfig } from 'vitest/config'
import { assembly } from './scripts/assembly.mjs'
import { findRealData } from './scripts/realData.mjs'
import { findVulkan } from './scripts/vulkan.mjs'

/**
 * Worlds: processes that load tfjs, Dawn and all of our modules once for many test files, which halves the suite. In
 * each of them one backend of tfjs is at work: none, or that of kernels under test, or that of the engine.
 */
const worlds = {
  page: '{app,scripts,shaders,src/{cli,config,core,data,host,methods}}/**/*.test.{ts,tsx}',
  kernels: 'src/{gpu,tf}/**/*.test.ts',
  engine: 'src/{engine,models}/**/*.test.ts',
}

/** Tests of what a fresh process does, or of a device of their own: each has a world for itself. */
const apart = 'src/{bench/*,engine/{attack,memory,precision,startup}}.test.ts'

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
      // Not by an `exclude` of their own, which would take the place of the command line's.
      ...Object.entries(worlds).map(([name, include]) => ({
        extends: true as const,
        test: { name, include: [include, `!${apart}`], isolate: false },
      })),
      { extends: true, test: { name: 'apart', include: [apart] } },
    ],
  },
})
