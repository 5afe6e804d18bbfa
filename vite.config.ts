import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Cross-origin isolation: without it tfjs-wasm cannot use threads. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

export default defineConfig({
  base: './',
  // One page and no routes: a missing data/*.parquet must answer 404, not index.html.
  appType: 'mpa',
  plugins: [react()],
  // tfjs-wasm starts its threads from the text of one of its own functions, which renaming breaks ("e is not defined").
  worker: { format: 'es', rolldownOptions: { output: { minify: { mangle: false, compress: false } } } },
  build: { target: 'es2023', chunkSizeWarningLimit: 1500 },
  server: { headers: isolation },
  preview: { headers: isolation },
})
