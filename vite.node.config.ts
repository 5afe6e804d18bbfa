import { defineConfig } from 'vite'
import { assembly } from './scripts/assembly.mjs'

/**
 * How the command line loads the engine. tfjs's `main` is CommonJS that Node loads itself; its `module` files are no
 * valid ES modules for Node, and loading them one by one ends in two copies of its engine.
 */
export default defineConfig({
  plugins: [assembly()],
  resolve: { mainFields: ['main'] },
  ssr: { resolve: { mainFields: ['main'] } },
})
