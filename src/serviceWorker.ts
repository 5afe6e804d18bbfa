/**
 * Serves the page without a network. Each version of the page is kept as a whole, and a page gets all of its parts from
 * its own version. A new version waits until no page of the old one is open, or until a reader takes it.
 *
 * `scripts/offline.mjs` writes this file, without its types and `export`, behind `shell` to the built page's folder.
 */

export {}

/** The version that was built, and digests of its files by their path; the path of the page itself is empty. */
declare const shell: { readonly version: string; readonly files: Readonly<Record<string, string>> }

/** What these lines need of a service worker: TypeScript does not know windows and workers at once. */
interface Client {
  readonly url: string
  postMessage(message: unknown, transfer?: readonly Transferable[]): void
}

interface Lifetime extends Event {
  waitUntil(work: Promise<unknown>): void
}

interface Fetching extends Lifetime {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

interface Scope {
  readonly registration: { readonly scope: string; readonly installing: unknown; readonly waiting: unknown }
  readonly clients: {
    claim(): Promise<void>
    matchAll(options: { readonly type: 'window'; readonly includeUncontrolled: true }): Promise<readonly Client[]>
  }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: Lifetime) => void): void
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void
  addEventListener(
    type: 'message',
    listener: (event: Lifetime & { readonly data: unknown; readonly source: Client | null }) => void,
  ): void
}

const worker = self as unknown as Scope
const { scope } = worker.registration

/** Caches of all versions begin so. Other pages of the same host have caches of their own. */
const prefix = `shell ${scope} `
const own = prefix + shell.version

worker.addEventListener('install', (event) => event.waitUntil(install()))

worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()))

worker.addEventListener('message', (event) => {
  if (event.data === 'take over') event.waitUntil(worker.skipWaiting())
  if (event.data !== 'opened') return
  event.source?.postMessage({ version: shell.version })
  event.waitUntil(dropUnused())
})

worker.addEventListener('fetch', (event) => {
  const path = pathOf(event.request)
  if (path !== null) event.respondWith(answer(event.request, path))
})

/** Keeps every file, or none: a host that changes its files meanwhile would mix two versions. */
async function install(): Promise<void> {
  try {
    const cache = await caches.open(own)
    await Promise.all(
      Object.entries(shell.files).map(async ([path, integrity]) => {
        // Names in this folder change with their content.
        const named = path.startsWith('assets/')
        const address = new URL(path, scope).href
        const kept = named ? await keptBefore(address) : undefined
        await cache.put(address, kept ?? (await fetched(address, integrity, named ? 'default' : 'no-cache')))
      }),
    )
  } catch (error) {
    await caches.delete(own)
    throw error
  }
}

async function fetched(address: string, integrity: string, cache: RequestCache): Promise<Response> {
  const response = await fetch(address, { integrity, cache })
  if (!response.ok) throw new Error(`${address} answered ${response.status}.`)
  return isolated(response)
}

/** The path of a file that belongs to the page, for which this worker answers; null for all else. */
function pathOf({ method, url, mode }: Request): string | null {
  const { origin, pathname } = new URL(url)
  const address = origin + pathname
  if (method !== 'GET' || !address.startsWith(scope)) return null
  const path = address.slice(scope.length)
  if (mode === 'navigate' && (path === '' || path === 'index.html')) return ''
  return path.startsWith('assets/') || (path !== '' && Object.hasOwn(shell.files, path)) ? path : null
}

/** From this version; a part that only an older page asks for, from its own. */
async function answer(request: Request, path: string): Promise<Response> {
  const address = new URL(path, scope).href
  const cache = await caches.open(own)
  const kept = (await cache.match(address, { ignoreVary: true })) ?? (await keptBefore(address))
  return kept ?? isolated(await fetch(request))
}

async function keptBefore(address: string): Promise<Response | undefined> {
  for (const name of await versions()) {
    const found = await (await caches.open(name)).match(address, { ignoreVary: true })
    if (found) return found
  }
  return undefined
}

async function versions(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(prefix))
}

/** With the two headers that let threads share memory, which a plain host does not send. */
function isolated(response: Response): Response {
  const { body, status, statusText } = response
  // Of a redirection a worker sees nothing; the browser follows it.
  if (response.type === 'opaqueredirect') return response
  const headers = new Headers(response.headers)
  for (const [name, value] of isolation) if (!headers.has(name)) headers.set(name, value)
  return new Response(body, { status, statusText, headers })
}

const isolation = [
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Embedder-Policy', 'require-corp'],
] as const

/**
 * Drops versions of which no page is open. Where a page does not say which it is of, or another version arrives, none
 * is dropped.
 */
async function dropUnused(): Promise<void> {
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const used = await Promise.all(pages.filter(({ url }) => url.startsWith(scope)).map(versionOf))
  const { installing, waiting } = worker.registration
  if (used.includes(null) || installing || waiting) return
  for (const name of await versions())
    if (name !== own && !used.includes(name.slice(prefix.length))) await caches.delete(name)
}

/** The version of an open page; null where it does not answer, as one that is still loading. */
function versionOf(page: Client): Promise<string | null> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }: MessageEvent<unknown>) => resolve(typeof data === 'string' ? data : null)
    setTimeout(resolve, 3000, null)
    page.postMessage('version', [port2])
  })
}
