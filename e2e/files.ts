import type { Page } from '@playwright/test'

/** The host asks for four bytes to learn a file's length. */
const firstLook = 4

/**
 * Serves files under the page's own `data/`, with byte ranges as a real server does; every other path there is missing.
 * @param before awaited before anything but the first look at a file is answered
 */
export async function serveFiles(
  page: Page,
  files: Readonly<Record<string, ArrayBuffer | Buffer>>,
  before: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await page.route(/\/data\/(cifar10|sst2)\//, async (route) => {
    const name = /\/data\/(.*)$/.exec(new URL(route.request().url()).pathname)?.[1] ?? ''
    const file = files[name]
    if (!file) return route.fulfill({ status: 404, contentType: 'text/plain', body: 'missing' })
    const body = Buffer.from(file as ArrayBuffer)
    const [, from, to] = /bytes=(\d+)-(\d*)/.exec(route.request().headers().range ?? '') ?? []
    if (from === undefined) return route.fulfill({ status: 200, body, headers: { etag: `"${body.length}"` } })
    const end = Math.min(body.length, to ? Number(to) + 1 : body.length)
    if (end > firstLook) await before()
    const headers = {
      'accept-ranges': 'bytes',
      'content-range': `bytes ${from}-${end - 1}/${body.length}`,
      etag: `"${body.length}"`,
    }
    // The page may have given up meanwhile.
    await route.fulfill({ status: 206, body: body.subarray(Number(from), end), headers }).catch(() => undefined)
  })
}
