import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json',
}

/** A host as plain as they come: it serves a folder below `/repo/`, sends no headers, and can be unplugged. */
export async function staticHost(folder: string) {
  const asked: string[] = []
  const host = { folder, asked, url: '', close: () => Promise.resolve() }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost')
    asked.push(pathname)
    const file = join(host.folder, pathname.replace('/repo/', '/').replace(/\/$/, '/index.html'))
    const [bytes, type] = [existsSync(file) ? statSync(file).size : null, types[file.split('.').at(-1) ?? '']]
    if (!pathname.startsWith('/repo/') || bytes === null) return response.writeHead(404).end()
    response.writeHead(200, { 'Content-Length': bytes, ...(type && { 'Content-Type': type }) })
    return createReadStream(file).pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  host.url = `http://localhost:${(server.address() as AddressInfo).port}/repo/`
  host.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return host
}
