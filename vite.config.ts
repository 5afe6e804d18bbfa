import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { assembly } from './scripts/assembly.mjs'

/** Cross-origin isolation: without it tfjs-wasm cannot use threads. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** Every browser that runs the page reads woff2: KaTeX's other two copies of each font are left out. */
const onlyWoff2: Plugin = {
  name: 'only-woff2',
  enforce: 'pre',
  transform: (code, id) =>
    /katex.*\.css/.test(id) ? code.replace(/,url\([^)]*\) format\("(?:woff|truetype)"\)/g, '') : undefined,
}

export default defineConfig({
  base: './',
  // One page and no routes: a missing data/*.parquet must answer 404, not index.html.
  appType: 'mpa',
  plugins: [react(), onlyWoff2, assembly()],
  // tfjs-wasm starts its threads from the text of one of its own functions, which renaming breaks ("e is not defined").
  worker: {
    format: 'es',
    plugins: () => [assembly()],
    rolldownOptions: { output: { minify: { mangle: false, compress: false } } },
  },
  build: { target: 'es2023', chunkSizeWarningLimit: 1500 },
  server: { headers: isolation },
  preview: { headers: isolation },
})
