import type { Page } from '@playwright/test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { png } from '../src/data/testing'
import { expect, link, narrow, test, wide, type Playground } from './playground'

const base = mkdtempSync(join(tmpdir(), 'folder-'))
const pets = join(base, 'pets')
test.afterAll(() => rmSync(base, { recursive: true }))

/** Red cats and blue dogs, more than the 100 that a browser gives at once, with what lies about in real folders. */
function place(path: string, content: Uint8Array | string): void {
  mkdirSync(join(pets, path, '..'), { recursive: true })
  writeFileSync(join(pets, path), content)
}
for (const [split, count] of [
  ['training', 130],
  ['testing', 30],
] as const) {
  for (let i = 0; i < count; i++) {
    place(`${split}/cat/${i}.png`, png(20, 16, [255, 0, 0]))
    place(`${split}/dog/${i}.png`, png(20, 16, [0, 0, 255]))
  }
}
place('training/dog/broken.png', png(20, 16, [0, 0, 255]).slice(0, 40))
place('README.txt', 'Red cats and blue dogs.\n')

const settings = {
  'model.patch': 16,
  'model.width': 16,
  'model.depth': 1,
  'model.heads': 2,
  'model.ratio': 2,
  'training.steps': 60,
  'training.batch': 8,
  'training.warmup': 5,
  'training.evaluateEvery': 30,
}
const tiny = link({ ...settings, data: 'dropped' })

async function runs({ playground, page }: { playground: Playground; page: Page }, name: string): Promise<void> {
  await expect(playground.panel('Set-up').getByRole('listitem').filter({ hasText: 'pets/' })).toContainText('322 files')
  await page.locator('.drop').screenshot({ path: `test-results/folder-${name}.png` })
  await playground.runToEnd()
  const run = playground.panel('What happens now')
  await expect(run).toContainText('260 training and 60 held-out pictures; held out as the files are named')
  await expect(run).toContainText('pets/README.txt')
  await expect(run).toContainText('pets/training/dog/broken.png is a broken picture')
  // Two colours are told apart by any model that was given the right classes.
  await expect(run).toContainText('Accuracy 100.0 %')
}

for (const [name, viewport] of Object.entries({ laptop: wide, phone: narrow })) {
  test.describe(name, () => {
    test.use({ viewport })
    test('a picked folder runs', async ({ playground, page }) => {
      await playground.open(tiny, '?backend=wasm')
      await playground.openSetUp()
      await page.getByLabel('Choose a folder').setInputFiles(pets)
      await runs({ playground, page }, `picked-${name}`)
      await playground.button('Take pets/ away').click()
      await expect(playground.panel('Set-up')).not.toContainText('pets/')
    })

    test('a folder dropped on the page is told, opens the set-up and runs', async ({ playground, page }) => {
      await playground.open(link({ ...settings, data: 'shapes', start: 'file' }), '?backend=wasm')
      const client = await page.context().newCDPSession(page)
      const data = { items: [], files: [pets], dragOperationsMask: 1 }
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
        await client.send('Input.dispatchDragEvent', { type, x: 200, y: 300, data })
      await expect(page.getByText('322 files added: the data.')).toBeInViewport()
      // A trained model may be among the files, so the start stays as it was chosen.
      await expect(playground.picker('Start from')).toHaveValue('file')
      await expect(playground.picker('Data')).toHaveValue('dropped')
      await playground.picker('Start from').selectOption('scratch')
      await runs({ playground, page }, `dropped-${name}`)
    })
  })
}
