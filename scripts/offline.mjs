import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { minifySync, transformWithOxc } from 'vite'

const source = join(import.meta.dirname, '..', 'src', 'serviceWorker.ts')

/** Files that are not kept for visits without a network: data keep themselves, once they were loaded. */
const left = /^(data\/|sw\.js$|sbom\.cdx\.json$)/

/**
 * A plugin of Vite that gives the built page its version and its service worker, `sw.js`.
 * @returns {import('vite').Plugin}
 */
export function offline() {
  return {
    name: 'offline',
    // A service worker of a built page, which was served at this address before, would hide the one that is developed.
    configureServer: ({ middlewares }) => {
      middlewares.use('/sw.js', (_, response) => {
        response.setHeader('Content-Type', 'text/javascript')
        response.end(farewell)
      })
    },
    // After the folder was written: public files are there, too.
    writeBundle: async ({ dir }, bundle) => {
      if ('index.html' in bundle) await writeServiceWorker(dir)
    },
  }
}

const farewell = `self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', async () => {
  await self.registration.unregister()
  for (const page of await self.clients.matchAll()) page.navigate(page.url)
})
`

/** Writes the version into a built page, and its service worker beside it. Whatever changes, the version does. */
export async function writeServiceWorker(folder) {
  const page = join(folder, 'index.html')
  const withVersion = (version) =>
    readFileSync(page, 'utf8').replace(/(<meta name="version" content=")[^"]*/, `$1${version}`)
  writeFileSync(page, withVersion(''))
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => !left.test(path))
    .sort()
  const digest = (path) =>
    createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('base64')
  const version = createHash('sha256').update(paths.map(digest).join()).digest('hex').slice(0, 12)
  writeFileSync(page, withVersion(version))
  const files = Object.fromEntries(paths.map((path) => [path === 'index.html' ? '' : path, `sha256-${digest(path)}`]))
  const { code } = await transformWithOxc(readFileSync(source, 'utf8'), source)
  const shell = `const shell = ${JSON.stringify({ version, files })}\n`
  // Not every browser has service workers that are modules.
  writeFileSync(join(folder, 'sw.js'), shell + minifySync(source, code).code.replace(/export ?\{\};?/, ''))
}
