import type { Locator, Page } from '@playwright/test'
import { entryVersion, keyOf } from '../app/store/kept/entry'
import { violations } from './axe'
import { keepRuns } from './keptRuns'
import { expect, link, narrow, test, tiny, wasm, wide, type Playground } from './playground'
import { storedEntries, storeEntries, type StoredEntry } from './vault'

const short = { ...tiny, 'training.steps': 12, 'training.evaluateEvery': 0 }
const widths = { laptop: wide, phone: narrow }

function chart(playground: Playground): Locator {
  return playground.panel('Accuracy against sparsity')
}

/** What the page says of how runs are stored. */
function storageNote(playground: Playground): Locator {
  return chart(playground).getByRole('status').filter({ hasText: 'The browser' })
}

/** The table of kept runs. */
async function table(playground: Playground): Promise<Locator> {
  await playground.show('Accuracy against sparsity')
  await chart(playground).getByRole('button', { name: 'Runs', exact: true }).click()
  return playground.page.getByRole('region', { name: 'Runs, table' })
}

/** Opens "More", if it is closed. */
async function more(playground: Playground): Promise<Locator> {
  const sheet = playground.panel('Share').locator('details')
  if ((await sheet.getAttribute('open')) === null) await sheet.locator('summary').click()
  return sheet
}

/** A page of this size with one kept run. */
async function openWithRun(playground: Playground, viewport: (typeof widths)[keyof typeof widths]): Promise<void> {
  await playground.page.setViewportSize(viewport)
  await playground.open(link(short), wasm)
  await playground.runToEnd()
  await expect.poll(async () => (await storedEntries(playground.page)).length).toBe(1)
}

for (const [device, viewport] of Object.entries(widths)) {
  test(`on a ${device}, a run is kept, pinned by keyboard, saved to a file and read from it`, async ({
    playground,
    page,
  }) => {
    await openWithRun(playground, viewport)
    await page.reload()
    const rows = (await table(playground)).getByRole('row').filter({ hasText: 'SEVENdyn' })
    await expect(rows).toHaveCount(1)
    const cells = await rows.locator('td').evaluateAll((all) =>
      all.map((cell) => {
        const { left, right } = cell.getBoundingClientRect()
        return { left, right }
      }),
    )
    const covered = cells.filter(({ right }, i) => right > (cells[i + 1]?.left ?? Infinity) + 1)
    expect(covered).toEqual([])

    const pin = page.getByRole('button', { name: 'Pin the run SEVENdyn, seed 1' })
    await expect(pin).toHaveAttribute('aria-pressed', 'false')
    await pin.focus()
    await page.keyboard.press('Space')
    await expect(pin).toHaveAttribute('aria-pressed', 'true')
    await expect(pin).toBeFocused()
    await expect.poll(() => playground.overflow()).toBeLessThanOrEqual(0)
    expect(await violations(page)).toEqual([])

    const sheet = await more(playground)
    const saving = page.waitForEvent('download')
    await sheet.getByRole('button', { name: 'Download all runs (1)' }).click()
    const file = await (await saving).path()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Delete the run SEVENdyn, seed 1' }).click()
    await expect.poll(async () => (await storedEntries(page)).length).toBe(0)
    await page.reload()
    await expect((await more(playground)).getByRole('button', { name: 'Download all runs' })).toBeDisabled()
    await sheet.getByLabel('Open an experiment, a run, or all runs from a JSON file').setInputFiles(file)
    await expect(sheet.getByRole('status')).toHaveText('1 run added.')
    await expect.poll(async () => (await storedEntries(page)).length).toBe(1)
    await page.reload()
    await table(playground)
    await expect(rows).toHaveCount(1)
    await expect(pin).toHaveAttribute('aria-pressed', 'true')
  })

  test(`on a ${device}, entries that cannot be read have a row with a mark, and stay as they are`, async ({
    playground,
    page,
  }) => {
    await openWithRun(playground, viewport)
    const [entry] = await storedEntries(page)
    const run = JSON.parse(JSON.stringify(entry?.run)) as { experiment: { method: { values: { sparsity: unknown } } } }
    run.experiment.method.values.sparsity = null
    const odd = [
      {
        key: keyOf('a', entryVersion + 1),
        id: 'a',
        version: entryVersion + 1,
        run: { of: ['a later', { version: true }] },
      },
      { key: keyOf('b'), id: 'b', version: entryVersion, run },
    ]
    await storeEntries(page, odd)
    await page.reload()
    const runs = await table(playground)
    await expect(runs.getByRole('row', { name: /SEVENdyn/ })).toHaveCount(1)
    await expect(runs.getByRole('row', { name: /A run/ })).toContainText('Another version of this page kept it')
    await expect(runs.getByRole('row', { name: /sevenDyn, seed 1/ })).toContainText(
      'It is damaged: its method.sparsity is null.',
    )
    await expect(page.getByText('could not be drawn')).toHaveCount(0)
    await expect.poll(() => playground.overflow()).toBeLessThanOrEqual(0)
    expect(await violations(page)).toEqual([])

    await playground.runToEnd()
    await page.getByRole('button', { name: 'Delete the run SEVENdyn, seed 1', exact: true }).click()
    await expect.poll(() => storedEntries(page)).toEqual(odd)
    await page.getByRole('button', { name: 'Delete the run A run' }).click()
    await expect.poll(async () => (await storedEntries(page)).length).toBe(1)
    await runs.getByRole('button', { name: 'Bring back the run that was deleted' }).click()
    await expect.poll(() => storedEntries(page)).toEqual(odd)
  })
}

test('runs that an earlier version kept are taken over once', async ({ playground, page }) => {
  const compared = { 'compare.methods': 'dense_magnitude', 'compare.sparsities': '0.5', 'compare.seeds': '1_2' }
  await keepRuns(page, link({ ...short, ...compared }))
  await playground.open(link(short), wasm)
  const versions = async () => (await storedEntries(page)).map(({ version }) => version)
  await expect.poll(versions).toEqual(Array<number>(4).fill(entryVersion))
  expect(await page.evaluate(() => localStorage.getItem('pruning-playground/runs/v1'))).toBeNull()
  await expect((await table(playground)).getByRole('row')).toHaveCount(5)
})

test('two tabs keep runs at once, and each shows those of the other', async ({ playground, page, context }) => {
  await playground.open(link(short), wasm)
  const other = await context.newPage()
  await other.goto(`/${wasm}${link({ ...short, seed: 2 })}`)
  const start = other.getByRole('button', { name: 'Start', exact: true })
  await Promise.all([playground.runToEnd(), start.click()])
  const rowsOf = (tab: Page) => tab.getByRole('region', { name: 'Runs, table' }).getByRole('row')
  for (const tab of [page, other]) {
    await tab.bringToFront()
    await tab.getByRole('button', { name: 'Runs', exact: true }).click()
    await expect(rowsOf(tab)).toHaveCount(3)
  }
  await other.getByRole('button', { name: 'Delete the run SEVENdyn, seed 1' }).click()
  await expect(rowsOf(page)).toHaveCount(2)
  await page.reload()
  await expect(chart(playground)).toContainText('SEVENdyn')
  expect((await storedEntries(page)).length).toBe(1)
})

test('where the browser has no more room, the oldest run without a pin goes, and the page says so', async ({
  playground,
  page,
  context,
  baseURL: origin = '',
}) => {
  const browser = await context.newCDPSession(page)
  const quotaSize = 600_000
  await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize })
  const used = async () => (await browser.send('Storage.getUsageAndQuota', { origin })).usage
  await playground.open(link(short), wasm)
  await playground.runToEnd()
  await page.getByRole('button', { name: 'Runs', exact: true }).click()
  await page.getByRole('button', { name: 'Pin the run SEVENdyn, seed 1' }).click()
  await expect.poll(async () => (await storedEntries(page))[0]?.run).toMatchObject({ pinned: true })
  await storeEntries(page, copiesOf((await storedEntries(page))[0]?.run as KeptForm, 12))
  await page.reload()
  const rows = (await table(playground)).getByRole('row')
  await expect(rows).toHaveCount(14)
  // The courses of runs would leave before runs do.
  await page.evaluate(forgetCourses)
  // The browser counts in pages and lets a little more in than it should: some of it goes again.
  await page.evaluate(fillStorage, { sizes: [50_000, 10_000, 4000], drop: 0 })
  while ((await used()) > quotaSize) await page.evaluate(fillStorage, { sizes: [], drop: 1 })
  await page.evaluate(fillStorage, { sizes: [1000], drop: 0 })
  await playground.chooseMethod('SNIP')
  await playground.runToEnd()
  // The pinned run is the oldest; the next one goes first.
  await expect(storageNote(playground)).toContainText(
    /^The browser has no more room for runs\. .*: SEVENdyn, 80 %, seed 2/,
  )
  await expect(rows).toHaveCount(15)
  const ids = async () => (await storedEntries(page)).map(({ run }) => (run as KeptForm).experiment)
  await expect.poll(async () => (await ids()).map(({ method }) => method.id)).toContain('snip')
  await page.reload()
  await table(playground)
  await expect(rows.filter({ hasText: 'SNIP' })).toHaveCount(1)
  expect((await ids()).map(({ seed }) => seed)).toContain(1)
  expect((await ids()).map(({ seed }) => seed)).toContain(13)
  expect((await ids()).map(({ seed }) => seed)).not.toContain(2)
})

/** What copies need of a kept run. */
interface KeptForm {
  readonly at: number
  readonly experiment: { readonly seed: number; readonly method: { readonly id: string } }
}

/** Later runs like this one, of seeds 2, 3 and so on, without a pin and of 8 KB. */
function copiesOf(run: KeptForm, count: number): StoredEntry[] {
  return Array.from({ length: count }, (_, i) => {
    const runId = `copy-${i}`
    const experiment = { ...run.experiment, seed: 2 + i }
    const copy = { ...run, runId, pinned: false, at: run.at + i + 1, experiment, source: 'made '.repeat(1000) }
    return { key: keyOf(runId), id: runId, version: entryVersion, run: copy }
  })
}

/** Runs in the page. */
function forgetCourses(): Promise<void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('pruning-playground-records')
    opening.onerror = () => reject(new Error(opening.error?.message))
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('records', 'readwrite')
      transaction.objectStore('records').clear()
      transaction.oncomplete = () => {
        opening.result.close()
        resolve()
      }
    }
  })
}

interface Filling {
  /** Bytes of blocks; each size is written until no more fit. */
  readonly sizes: readonly number[]
  /** How many of the first blocks are deleted before. */
  readonly drop: number
}

/** Runs in the page: fills a database of another name. */
async function fillStorage({ sizes, drop }: Filling): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open('filler')
    opening.onupgradeneeded = () => opening.result.createObjectStore('blocks', { autoIncrement: true })
    opening.onerror = () => reject(new Error(opening.error?.message))
    opening.onsuccess = () => resolve(opening.result)
  })
  const changes = (change: (blocks: IDBObjectStore) => void) =>
    new Promise<boolean>((resolve) => {
      const transaction = database.transaction('blocks', 'readwrite', { durability: 'strict' })
      change(transaction.objectStore('blocks'))
      transaction.oncomplete = () => resolve(true)
      transaction.onabort = () => resolve(false)
    })
  await changes((blocks) => {
    const cursors = blocks.openCursor()
    let left = drop
    cursors.onsuccess = () => {
      if (left-- <= 0) return
      cursors.result?.delete()
      cursors.result?.continue()
    }
  })
  const block = (size: number) => crypto.getRandomValues(new Uint8Array(size))
  for (const size of sizes) while (await changes((blocks) => blocks.put(block(size))));
  database.close()
}

test('where the browser stores nothing, the page says so, and runs last until it is closed', async ({
  playground,
  page,
}) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The user denied permission to access the database.', 'SecurityError')
    }
  })
  await playground.open(link(short), wasm)
  await expect(storageNote(playground)).toContainText(
    'The browser does not store runs for this page (The user denied permission to access the database).',
  )
  await playground.runToEnd()
  await expect((await table(playground)).getByRole('row')).toHaveCount(2)
  await chart(playground).getByRole('button', { name: 'Dismiss' }).click()
  await expect(storageNote(playground)).toHaveCount(0)
  await expect((await more(playground)).getByRole('button', { name: 'Download all runs (1)' })).toBeEnabled()
})
