import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { assembly } from './scripts/assembly.mjs'
import { licences } from './scripts/licences.mjs'
import { methodTexts } from './scripts/methodTexts.mjs'
import { offline } from './scripts/offline.mjs'
import { shaderText } from './scripts/shaderText.mjs'

/** What a host should send (docs/hosting.md). Without isolation the threads of our kernels cannot share memory. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  // So that isolated pages of others may show this one in a frame.
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
}

/**
 * What the built page may load, run and reach, whatever a link or a file makes it do. It stands in the page, since a
 * static host sends no headers. The worker draws nothing and runs no text; it has the policy that its host sends, if
 * any. A host may send this one: `blob:` and `wasm-unsafe-eval` are for the worker's threads and kernels.
 * `unsafe-inline` is for styles alone: charts and formulas place their parts by them.
 */
const policy = [
  "default-src 'self'",
  "script-src 'self' blob: 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self' blob: https://huggingface.co https://*.huggingface.co https://*.hf.co",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
]

const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: policy.join('; ') },
      // Before whatever it is about.
      injectTo: 'head-prepend',
    },
  ],
}

/** Every browser that runs the page reads woff2: KaTeX's other two copies of each font are left out. */
const onlyWoff2: Plugin = {
  name: 'only-woff2',
  enforce: 'pre',
  transform: (code, id) =>
    /katex.*\.css/.test(id) ? code.replace(/,url\([^)]*\) format\("(?:woff|truetype)"\)/g, '') : undefined,
}

/**
 * What the page or a worker needs at once is one file, whatever it shares with what is loaded later: parts compress
 * less well.
 */
const whole = { codeSplitting: { groups: [{ name: 'initial', tags: ['$initial' as const] }] } }

const shipped = licences()

export default defineConfig({
  base: './',
  // One page and no routes: a missing data/*.parquet must answer 404, not index.html.
  appType: 'mpa',
  plugins: [react(), onlyWoff2, contentSecurityPolicy, assembly(), methodTexts(), shipped, offline()],
  worker: {
    format: 'es',
    plugins: () => [assembly(), methodTexts(), shaderText(), shipped],
    rolldownOptions: { output: whole },
  },
  build: { target: 'es2023', chunkSizeWarningLimit: 1500, rolldownOptions: { output: whole } },
  server: { headers },
  preview: { headers },
})
