import { violations } from './axe'
import { keepRuns } from './keptRuns'
import { expect, link, test, tiny, viewports, wasm } from './playground'

const compared = link({
  ...tiny,
  'compare.methods': 'dense,snip,magnitude',
  'compare.sparsities': '0.5,0.9',
  'compare.seeds': '1,2,3',
})

for (const viewport of viewports) {
  test(`kept runs are found, named, coloured, compared, deleted and brought back, ${viewport.width} px`, async ({
    playground,
    page,
  }) => {
    await page.setViewportSize(viewport)
    await keepRuns(page, compared)
    await playground.open(link(tiny), wasm)
    const panel = await playground.show('Kept runs')
    const rows = panel.getByRole('listitem')
    await expect(rows).toHaveCount(15)
    await panel.getByRole('combobox', { name: 'Method' }).selectOption('snip')
    await panel.getByRole('combobox', { name: 'Sparsity' }).selectOption('high')
    await expect(rows).toHaveCount(3)
    await panel.getByRole('searchbox').fill('seed 2')
    await expect(rows).toHaveCount(1)
    await expect(panel.getByRole('status')).toContainText('1 of 15 kept runs.')

    await panel.getByRole('button', { name: 'Name and colour of SNIP, 90 %, seed 2' }).click()
    await panel.getByRole('textbox', { name: 'Name' }).fill('The steep one')
    await panel.getByRole('button', { name: 'green' }).click()
    await panel.getByRole('button', { name: 'Done' }).click()
    await panel.getByRole('combobox', { name: 'Pin or colour' }).selectOption('green')
    await expect(rows.getByRole('button', { name: 'The steep one', exact: true })).toBeVisible()
    // Names outlive the visit.
    await page.reload()
    await playground.show('Kept runs')
    await panel.getByRole('searchbox').fill('steep')
    await rows.getByRole('checkbox', { name: 'Choose The steep one' }).check()
    await panel.getByRole('searchbox').fill('dense seed 1')
    await rows.getByRole('checkbox').check()
    const differences = panel.getByRole('region', { name: 'What differs between the chosen runs' })
    await expect(differences.getByRole('row').filter({ hasText: 'Method' })).toContainText('Dense')
    await expect(differences.getByRole('row', { name: 'Seed 1 2' })).toBeVisible()
    expect(await playground.overflow()).toBeLessThanOrEqual(0)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await violations(page), colorScheme).toEqual([])
    }
    await panel.screenshot({ path: `test-results/runs-${viewport.width}.png` })

    const saving = page.waitForEvent('download')
    await panel.getByRole('button', { name: 'Download the 2 chosen runs' }).click()
    await saving
    await panel.getByRole('button', { name: 'Delete the 2 chosen runs' }).click()
    await panel.getByRole('searchbox').fill('')
    await expect(panel.getByRole('status')).toContainText('13 kept.')
    await panel.getByRole('button', { name: 'Bring back the 2 runs that were deleted' }).click()
    await expect(panel.getByRole('status')).toContainText('15 kept.')
  })
}
