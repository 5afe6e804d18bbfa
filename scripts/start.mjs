/** `npm start`: builds the page where it is missing or older than its sources, serves it, prints its address. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build, preview } from 'vite'

const sources = ['app', 'src', 'shaders', 'public', 'index.html', 'vite.config.ts', 'package-lock.json']

function newest(path) {
  if (!existsSync(path)) return 0
  const stat = statSync(path)
  return stat.isDirectory()
    ? Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
    : stat.mtimeMs
}

process.chdir(join(import.meta.dirname, '..'))
if (newest('dist/index.html') < Math.max(...sources.map(newest))) await build({ logLevel: 'warn' })
const server = await preview({
  preview: { port: Number(process.env.PORT ?? 4173), host: process.env.HOST ?? 'localhost' },
})
console.log(`The playground is at ${server.resolvedUrls?.local[0] ?? server.resolvedUrls?.network[0]}`)
console.log('Press Ctrl-C to stop serving it.')
