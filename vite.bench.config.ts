import { defineConfig } from 'vite'
import { assembly } from './scripts/assembly.mjs'

/**
 * The benchmark, the tests of the kernels and the command line, for a host without node_modules beside the package
 * `webgpu`: `npm run bench:bundle`. `scripts/gpu-host.sh` packs them.
 */
export default defineConfig({
  plugins: [assembly()],
  publicDir: false,
  resolve: {
    alias: [{ find: /^vitest$/, replacement: `${import.meta.dirname}/src/cli/gpuHost/testing/vitest.ts` }],
  },
  ssr: { noExternal: true, external: ['webgpu'] },
  build: {
    ssr: true,
    outDir: '.cache/bench',
    target: 'node20',
    chunkSizeWarningLimit: 5000,
    rolldownOptions: {
      input: {
        bench: 'src/cli/bench.ts',
        gpuHost: 'src/cli/gpuHost.ts',
        kernelTests: 'src/cli/gpuHost/testing/kernelTests.ts',
        sentinel: 'src/cli/main.ts',
      },
      output: { entryFileNames: '[name].mjs', chunkFileNames: 'parts/[name]-[hash].mjs' },
    },
  },
})
