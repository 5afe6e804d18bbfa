import type { Browser, Page } from '@playwright/test'
import { entryVersion, keyOf } from '../app/store/kept/entry'
import { endless, expect, learning, link, test, tiny, wasm } from './playground'
import { storedEntries, storeEntries } from './vault'

interface Task {
  /** Milliseconds by the clock, and of the processor. */
  readonly wall: number
  readonly busy: number
}

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly dur?: number
  readonly tdur?: number
  readonly args: { readonly name?: string }
}

/** Every task of the page's main thread while `work` goes on, by Chromium's trace; microseconds there. */
async function tasksDuring(browser: Browser, page: Page, work: () => Promise<void>): Promise<Task[]> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] })
  await work()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`
  const main = new Set(
    traceEvents.filter((e) => e.name === 'thread_name' && e.args.name === 'CrRendererMain').map(thread),
  )
  return traceEvents.flatMap((e) =>
    e.name.endsWith('RunTask') && main.has(thread(e))
      ? [{ wall: (e.dur ?? 0) / 1000, busy: (e.tdur ?? 0) / 1000 }]
      : [],
  )
}

/**
 * No task that keeps the main thread for 50 ms, which is what browsers call long. Counted is time of the processor: a
 * software GPU takes every core, so that by the clock a task of 20 ms may last for 200 without the page having any part
 * in it.
 */
function expectNoStall(tasks: readonly Task[]): void {
  expect(tasks.length).toBeGreaterThan(100)
  const longest = tasks.reduce((a, b) => (b.busy > a.busy ? b : a))
  test.info().annotations.push({
    type: 'main thread',
    description:
      `longest task ${longest.busy.toFixed(0)} ms of processor, `
      + `${Math.max(...tasks.map((t) => t.wall)).toFixed(0)} ms by the clock`,
  })
  expect(tasks.filter((task) => task.busy > 50)).toEqual([])
}

/** The page at rest: its charts are loaded, as they are a moment after it was opened. */
async function atRest(page: Page): Promise<void> {
  await expect(page.getByRole('figure', { includeHidden: true })).toHaveCount(4)
}

test.describe('the main thread while training', () => {
  // Every panel is on the screen, so that the browser draws all of them.
  test.use({ viewport: { width: 1280, height: 2000 } })

  for (const [name, query] of [
    ['a software GPU', '?backend=webgpu&software=1&tab=inside'],
    ['WebAssembly', `${wasm}&tab=inside`],
  ] as const) {
    test(`has no task over 50 ms on ${name}`, async ({ playground, page, browser }) => {
      await playground.open(link({ ...tiny, 'training.steps': endless }), query)
      await atRest(page)
      await playground.button('Start').click()
      const tasks = await tasksDuring(browser, page, async () => {
        await expect.poll(() => playground.step()).toBeGreaterThan(0)
        await page.waitForTimeout(8000)
      })
      await playground.button('Stop').click()
      expectNoStall(tasks)
      await expect(playground.panel('Loss and accuracy').locator('svg').first()).toBeVisible()
      await expect(playground.panel('Why it was kept').locator('svg').first()).toBeVisible()
    })
  }

  test('is free while thousands of quick steps are made before the task', async ({ playground, page, browser }) => {
    await playground.open(link({ ...learning, 'start.steps': 4000 }), `${wasm}&tab=inside`)
    await atRest(page)
    const tasks = await tasksDuring(browser, page, async () => {
      await playground.runToEnd()
    })
    expectNoStall(tasks)
    // Many short tasks keep a page busy, too: it must not get a message for each of the steps.
    expect(tasks.reduce((sum, { busy }) => sum + busy, 0)).toBeLessThan(4000)
  })

  test('has none after 5,000 steps either, nor with 200 runs kept', async ({ playground, page, browser }) => {
    const small = { ...tiny, 'data.size': 8, model: 'mlp', 'model.width': 4, 'training.evaluateEvery': 25 }
    const steps = 5000
    const run = () =>
      tasksDuring(browser, page, async () => {
        await playground.runToEnd()
      })
    await playground.open(link({ ...small, 'training.steps': steps }), '?backend=cpu&tab=inside')
    await atRest(page)
    expectNoStall(await run())
    await expect.poll(() => playground.step()).toBe(steps)

    await expect.poll(async () => (await storedEntries(page)).length).toBe(1)
    const [entry] = await storedEntries(page)
    const made = entry?.run as {
      readonly experiment: { readonly method: object; readonly training: object }
      readonly end: object
      readonly at: number
    }
    // Runs of another length, newer than this one: the chart shows them from the start, and the next run adds a point.
    const kept = { ...small, 'training.steps': steps / 5 }
    const training = { ...made.experiment.training, steps: steps / 5 }
    await storeEntries(
      page,
      Array.from({ length: 199 }, (_, i) => {
        const method = { ...made.experiment.method, id: i % 2 ? 'magnitude' : 'sevenDyn' }
        const runId = `copy-${i}`
        const copy = {
          ...made,
          runId,
          steps: steps / 5,
          at: made.at + 1 + i,
          end: { ...made.end, accuracy: 0.3 + 0.3 * Math.sin(i) ** 2 },
          experiment: { ...made.experiment, seed: 2 + i, method, training },
        }
        return { key: keyOf(runId), id: runId, version: entryVersion, run: copy }
      }),
    )
    const drawn = (runs: number) => page.getByRole('figure', { name: `Accuracy against sparsity of ${runs} runs` })
    await playground.open(link(kept), '?backend=cpu&tab=inside')
    // A page that has read what is stored.
    await page.reload()
    await expect(drawn(199)).toBeVisible()
    await atRest(page)
    expectNoStall(await run())
    // Start shows runs like the open one, so the chart drew these while it trained.
    await expect(drawn(200)).toBeVisible()
  })
})
