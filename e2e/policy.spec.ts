import { readFileSync } from 'node:fs'
import { expect, link, test, tiny } from './playground'

/** Whatever the policy keeps from happening is an error of the console, on which every journey fails. */
test('the page runs no script that is not its own and reaches no stranger', async ({
  playground,
  page,
  expectedErrors,
}) => {
  expectedErrors.push(/Content Security Policy/, /Failed to load resource/)
  await playground.open(link(tiny))
  const asked: string[] = []
  await page.route('https://stranger.test/**', async (route) => {
    asked.push(route.request().url())
    await route.fulfill({ body: '', headers: { 'access-control-allow-origin': '*' } })
  })
  const blocked = await page.evaluate(async () => {
    const violations: string[] = []
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective))
    document.body.insertAdjacentHTML(
      'beforeend',
      '<img src="https://stranger.test/a.png" onerror="globalThis.ran = 1">',
    )
    const script = document.createElement('script')
    script.textContent = 'globalThis.ran = 2'
    document.body.append(script)
    const base = document.createElement('base')
    base.href = 'https://stranger.test/'
    document.head.append(base)
    const fetched = await fetch('https://stranger.test/data').catch(() => 'refused')
    const until = performance.now() + 10_000
    while (new Set(violations).size < 5 && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 50))
    // By now DevTools, which may do what pages may not, is out of the way.
    let evaluated = true
    try {
      // Under test is that this throws.
      ;(0, eval)('1')
    } catch {
      evaluated = false
    }
    return { violations, fetched, evaluated, ran: 'ran' in globalThis, base: document.baseURI }
  })
  expect(blocked).toMatchObject({ fetched: 'refused', evaluated: false, ran: false })
  expect(blocked.base).not.toContain('stranger')
  expect(new Set(blocked.violations)).toEqual(
    new Set(['img-src', 'script-src-attr', 'script-src-elem', 'base-uri', 'connect-src']),
  )
  expect(asked).toEqual([])
})

test('the page is served as docs/hosting.md says', async ({ page }) => {
  const headers = (await page.goto('/'))?.headers() ?? {}
  const rows = [...readFileSync('docs/hosting.md', 'utf8').matchAll(/^ {2}([\w-]+): (.+)$/gm)]
  expect(rows).toHaveLength(5)
  for (const [, name = '', value] of rows) expect(`${name}: ${headers[name.toLowerCase()]}`).toBe(`${name}: ${value}`)
})
