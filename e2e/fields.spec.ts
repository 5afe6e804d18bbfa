import { fromLink } from '../src/config/link'
import { expect, link, test, tiny, viewports } from './playground'

for (const viewport of viewports) {
  test(`a link that a mail program changed opens its experiment and says what it mended, ${viewport.width} px`, async ({
    playground,
    page,
  }) => {
    await page.setViewportSize(viewport)
    const whole = link({ ...tiny, seed: 3, method: 'snip', 'method.sparsity': 0.7 })
    await playground.open(`#${encodeURIComponent(whole.slice(1))}).`, '?backend=wasm')
    await expect(playground.panel('What happens now')).toContainText(
      'The link was repaired: percent-encoding was undone',
    )
    expect(fromLink(page.url())).toEqual(fromLink(whole))
    expect(fromLink(page.url()).experiment).toMatchObject({
      seed: 3,
      method: { id: 'snip', values: { sparsity: 0.7 } },
    })

    await page.goto(`/?backend=wasm&${whole.slice(whole.indexOf('?') + 1)}`)
    await expect(playground.panel('What happens now')).toContainText('its # was missing')
    expect(new URL(page.url()).search).toBe('?backend=wasm')
    expect(fromLink(page.url())).toEqual(fromLink(whole))
  })

  test(`fields read numbers as people write them, and say what they made of them, ${viewport.width} px`, async ({
    playground,
    page,
  }) => {
    await page.setViewportSize(viewport)
    await playground.open(link(tiny), '?backend=wasm')
    const setUp = await playground.openSetUp()
    const sparsity = setUp.getByRole('textbox', { name: 'Sparsity', exact: true })
    for (const [text, value] of [
      ['0,8', '0.8'],
      ['60 %', '0.6'],
      ['.8', '0.8'],
    ] as const) {
      await sparsity.fill(text)
      await sparsity.press('Enter')
      await expect(sparsity).toHaveValue(value)
      await expect(setUp).not.toContainText('You wrote')
    }
    await sparsity.fill('abc')
    await sparsity.press('Enter')
    await expect(setUp).toContainText('You wrote abc, which is not a number')
    await sparsity.fill('')
    await sparsity.press('Enter')
    await expect(sparsity).toHaveValue('0.8')
    await expect(setUp).not.toContainText('You wrote')
    await sparsity.fill('70')
    await sparsity.press('Enter')
    await expect(sparsity).toHaveValue('0.7')
    await expect(setUp).toContainText('You wrote 70, read as 70 %, that is 0.7.')

    await setUp.locator('summary', { hasText: 'Training' }).click()
    const steps = setUp.getByRole('textbox', { name: 'Steps', exact: true })
    await steps.fill('2,000')
    await steps.press('Enter')
    await expect(steps).toHaveValue('2000')
    await expect(setUp).toContainText('You wrote 2,000, read as 2000.')
    expect(fromLink(page.url()).experiment).toMatchObject({
      method: { values: { sparsity: 0.7 } },
      training: { steps: 2000 },
    })

    const begin = setUp.getByRole('textbox', { name: 'Begin', exact: true })
    await begin.fill('90')
    await begin.press('Enter')
    await expect(setUp).toContainText(
      'Begin (0.9) lies after End (0.75): everything is cut at once, at 0.9 of the run.',
    )
  })
}
