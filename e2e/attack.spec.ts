/** What chance does to the page: workers that die, and somebody who clicks anywhere. */
import type { Page } from '@playwright/test'
import { attackSeeds, attackSize } from '../src/cli/attack/size'
import { RandomStream, streams } from '../src/core/random'
import { endless, expect, link, test, tiny, wasm } from './playground'

const long = link({ ...tiny, 'training.steps': endless, 'training.evaluateEvery': 0 })

test('a worker that dies without a word is noticed, and the run goes on from where it was saved', async ({
  playground,
  page,
}) => {
  const { seeds } = attackSeeds(attackSize(10, 40))
  await page.addInitScript(() => {
    const workers: Worker[] = []
    const Made = globalThis.Worker
    Object.assign(globalThis, {
      workers,
      Worker: class extends Made {
        constructor(...args: ConstructorParameters<typeof Worker>) {
          super(...args)
          workers.push(this)
        }
      },
    })
  })
  /** Ends the engine's worker, once it is another than the one that was ended last. */
  const kill = () =>
    page.waitForFunction(() => {
      const own = globalThis as unknown as { workers: Worker[]; killed?: Worker }
      const last = own.workers.at(-1)
      if (!last || last === own.killed) return false
      last.terminate()
      own.killed = last
      return true
    })
  await playground.open(long, wasm)
  await playground.button('Start').click()
  const run = playground.panel('What happens now')
  /** The step that is noted as saved; 0 for none. */
  const saved = async () => {
    const note = await page.evaluate(() => localStorage.getItem('pruning-playground/left-run'))
    const [{ step } = { step: 0 }] = JSON.parse(note ?? '[]') as { step: number }[]
    return step
  }
  /** The step from which the run goes on; 0 where the page names none. */
  const goneOnFrom = async () => {
    const step = /The run goes on at step ([\d,]+) of/.exec(await run.innerText())?.[1]
    return Number(step?.replaceAll(',', '') ?? 0)
  }
  let reached = 0
  for (const [i, seed] of seeds.entries()) {
    // It trains: one that is ended before it runs at all shows nothing that could be noticed.
    await expect(playground.button('Pause')).toBeEnabled()
    if (i % 2 === 0) {
      await expect.poll(() => playground.step()).toBeGreaterThan(reached)
      // A pause saves at once.
      await playground.button('Pause').click()
      await expect.poll(saved, { message: `seed ${seed}` }).toBeGreaterThan(reached)
      await playground.button('Resume').click()
      await expect(playground.button('Pause')).toBeEnabled()
    }
    await page.waitForTimeout(new RandomStream(seed, streams.attack).below(attackSize(1500, 3000)))
    await kill()
    await expect(page.getByRole('alert')).toContainText('The training engine failed', { timeout: 5000 })
    const noted = await saved()
    expect(noted, `seed ${seed}`).toBeGreaterThanOrEqual(reached)
    expect(noted, `seed ${seed}`).toBeGreaterThan(0)
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click()
    // With the alert goes what the page said of the run before.
    await expect(page.getByRole('alert')).toHaveCount(0)
    // A worker that dies may have saved a later step that it could not tell any more.
    await expect.poll(goneOnFrom, { message: `seed ${seed}` }).toBeGreaterThanOrEqual(noted)
    reached = await goneOnFrom()
  }
  await playground.button('Stop').click()
  await expect(run).toContainText('Stopped at step')
})

/** What a person can press, change or type into, that can be seen; files and downloads are for other tests. */
const targets = 'button:visible:enabled, select:visible, input:visible:not([type=file]), a[href^="#"]:visible'

async function poke(page: Page, random: RandomStream): Promise<void> {
  const all = await page.locator(targets).all()
  const target = all[random.below(Math.max(1, all.length))]
  const deed = random.below(10)
  try {
    if (deed === 0) await page.keyboard.press(['Escape', 'Space', 'Tab', 'ArrowDown'][random.below(4)] ?? 'Tab')
    else if (deed === 1) await page.goBack({ timeout: 2000 })
    else if (deed === 2 && (await target?.evaluate((element) => element.tagName)) === 'INPUT')
      await target?.fill(['0', '-1', '1e9', '0,5', 'x', ''][random.below(6)] ?? '', { timeout: 1000 })
    else await target?.click({ timeout: 1000 })
  } catch {
    // It went away, or something lies over it.
  }
}

const { seeds, drawn } = attackSeeds(attackSize(2, 20))
for (const [i, seed] of seeds.entries())
  test(`the page lives through somebody who presses anything (${i}; new seeds from ${drawn})`, async ({
    playground,
    page,
    expectedErrors,
  }) => {
    // Data that is not there, in this test's world.
    expectedErrors.push(/Failed to load resource/)
    page.on('dialog', (dialog) => void dialog.accept())
    await playground.open(link({ ...tiny, 'training.steps': 300 }), wasm)
    const random = new RandomStream(seed, streams.attack)
    for (let press = 0; press < attackSize(30, 200); press++) {
      await poke(page, random)
      // The page answers, and no part of it has broken.
      const begun = Date.now()
      await page.evaluate(() => new Promise(requestAnimationFrame))
      expect(Date.now() - begun, `seed ${seed}, press ${press}`).toBeLessThan(10_000)
    }
    await page.goto('/')
    await expect(playground.button('Start').or(playground.button('Resume')).first()).toBeVisible()
    expect(await page.locator('body').innerText()).not.toMatch(/could not be drawn|undefined|\[object/)
  })
