/**
 * `npm run record`: makes public/recording.json, the run that the page plays where none can start. The built page makes
 * it, in a browser, with what it keeps of every run.
 */
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { preview } from 'vite'
import { launch } from './browser.mjs'

/** A visitor on a slow line waits for all of it. */
const mostBytes = 2e6

process.chdir(join(import.meta.dirname, '..'))
const server = await preview({ preview: { port: 0 }, logLevel: 'error' })
const browser = await launch()
const page = await browser.newPage({ serviceWorkers: 'block' })
await page.goto(`${server.resolvedUrls.local[0]}?backend=wasm`)
await page.getByRole('button', { name: 'Start', exact: true }).click()
await page
  .getByText(/of [\d,]+ weights kept/)
  .first()
  .waitFor({ timeout: 600_000 })
await page.waitForTimeout(3000)
writeFileSync('public/recording.json', await page.evaluate(recorded))
await browser.close()
await server.close()
const { size } = statSync('public/recording.json')
console.log(`public/recording.json has ${size} bytes.`)
if (size > mostBytes) throw new Error(`They may be ${mostBytes} at most: record a shorter run, or fewer numbers.`)

/** The only kept run, without its answers, and its course, with numbers of single weights at its end alone. */
async function recorded() {
  const all = (database, store) =>
    new Promise((resolve, reject) => {
      const opening = indexedDB.open(database)
      opening.onerror = () => reject(opening.error)
      opening.onsuccess = () => {
        const asked = opening.result.transaction(store).objectStore(store).getAll()
        asked.onsuccess = () => resolve(asked.result)
        asked.onerror = () => reject(asked.error)
      }
    })
  const [{ version, run }] = await all('pruning-playground', 'runs')
  const [{ record }] = await all('pruning-playground-records', 'records')
  const { answers, ...rest } = run
  const frames = record.frames.map((frame, i) => (i < record.frames.length - 1 ? { ...frame, sample: null } : frame))
  return JSON.stringify({ version, run: rest, record: { ...record, frames } }, (_, value) =>
    ArrayBuffer.isView(value)
      ? {
          array: value.constructor.name,
          base64: btoa(
            Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), (byte) =>
              String.fromCharCode(byte),
            ).join(''),
          ),
        }
      : value,
  )
}
