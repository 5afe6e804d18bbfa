import { defineConfig } from 'vite'
import { assembly } from './scripts/assembly.mjs'

/**
 * The benchmark as one file, for a GPU host without node_modules: `npm run bench:bundle`, then `node bench.mjs` beside
 * the package `webgpu`.
 */
export default defineConfig({
  plugins: [assembly()],
  publicDir: false,
  // As in vite.node.config.ts.
  resolve: { mainFields: ['main'] },
  ssr: { noExternal: true, external: ['webgpu'], resolve: { mainFields: ['main'] } },
  build: {
    ssr: 'src/cli/bench.ts',
    outDir: '.cache/bench',
    target: 'node20',
    rolldownOptions: { output: { codeSplitting: false, entryFileNames: 'bench.mjs' } },
  },
})
