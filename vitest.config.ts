import { defineConfig } from 'vitest/config'
import { assembly } from './scripts/assembly.mjs'
import { findRealData } from './scripts/realData.mjs'
import { findVulkan } from './scripts/vulkan.mjs'

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
      {
        extends: true,
        test: {
          name: 'engine',
          include: ['{scripts,shaders,src}/**/*.test.{ts,tsx}'],
          // Files share tfjs, Dawn and what was compiled, which saves a third. A file that replaces a module goes below.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'page', include: ['app/**/*.test.{ts,tsx}'] } },
    ],
  },
})
