import { expect, test as base, type Locator, type Page } from '@playwright/test'
import { decode } from 'fast-png'
import { classColours, mapBackground, type Colour } from '../src/core/palette'
import { weightClasses, type ClassCount, type ClassCounts, type WeightClass } from '../src/core/trainer'

/** A ViT of 2,048 prunable weights on 16 x 16 shapes: a second or two of training on a software GPU. */
export const tiny: Readonly<Record<string, string | number>> = {
  data: 'shapes',
  'data.train': 256,
  'data.held': 64,
  'data.size': 16,
  'model.patch': 8,
  'model.width': 16,
  'model.depth': 1,
  'model.heads': 2,
  'model.ratio': 2,
  'training.steps': 60,
  'training.batch': 8,
  'training.warmup': 5,
  'training.evaluateEvery': 20,
}

/** A BERT of one block on made-up phrases. */
export const phrases = {
  data: 'phrases',
  'data.train': 512,
  'data.held': 64,
  model: 'miniBert',
  'model.width': 16,
  'model.depth': 1,
  'model.heads': 2,
  'model.ratio': 2,
  'training.steps': 40,
  'training.batch': 16,
  'training.warmup': 4,
  'training.evaluateEvery': 20,
}
/** The same, guessing hidden words before it classifies them. */
export const learning = {
  ...phrases,
  method: 'magnitude',
  'method.sparsity': 0.5,
  start: 'maskedTokens',
  'start.batch': 16,
  'start.examples': 'task',
}

/** Steps of a run that no machine ends while a journey looks at it: a fast one makes 20,000 small steps in seconds. */
export const endless = 200_000

/** The engine of journeys that are about the page: they need no shaders compiled by a software GPU. */
export const wasm = '?backend=wasm'

/** A laptop's window, and a phone's. */
export const wide = { width: 1280, height: 800 }
export const narrow = { width: 390, height: 844 }
export const viewports = [wide, narrow] as const

/** The hash of an experiment. */
export function link(settings: Readonly<Record<string, string | number>>): string {
  const query = new URLSearchParams(Object.entries(settings).map(([key, value]) => [key, String(value)]))
  return `#/v1?${query.toString().replaceAll('%2F', '/')}`
}

/** The page as a person uses it: everything is found by its role and name. */
export class Playground {
  constructor(readonly page: Page) {}

  /** Opens an experiment on WebGPU, software adapters allowed; `query` chooses another engine. */
  async open(hash: string, query = '?backend=webgpu&software=1'): Promise<void> {
    await this.page.goto(`/${query}${hash}`)
    await expect(this.button('Start')).toBeEnabled()
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  panel(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true })
  }

  get map(): Locator {
    return this.page.getByRole('application', { name: /^Weight map/ })
  }

  /** Pixels by which the page is wider than its window. */
  overflow(): Promise<number> {
    return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  }

  /** Opens the drawer of settings, if it is closed. */
  async openSetUp(): Promise<Locator> {
    const toggle = this.page.getByRole('button', { name: /^Set-up/ })
    if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click()
    return this.panel('Set-up')
  }

  /** A panel, on the tab on which it lies; on a wide page some lie on none. */
  async show(name: keyof typeof tabOf): Promise<Locator> {
    const tab = this.page.getByRole('tab', { name: tabOf[name], exact: true })
    if ((await tab.count()) > 0) await tab.click()
    return this.panel(name)
  }

  /** The picker of a part: Preset, Method, Data, Model. Only that of methods is seen while the settings are closed. */
  picker(name: string): Locator {
    return this.panel('Set-up').getByRole('combobox', { name, exact: true, includeHidden: true })
  }

  /** Finds a method by its label and takes it, with keys alone. */
  async chooseMethod(label: string): Promise<void> {
    const picker = this.picker('Method')
    await picker.focus()
    await picker.press('ArrowDown')
    await picker.fill(label)
    await picker.press('Enter')
    await expect(picker).toHaveValue(label)
  }

  /** Presses Start and waits for the sentence that ends a run. */
  async runToEnd(): Promise<{ kept: number; prunable: number }> {
    // The sentence of the run before goes with its Start button, and a short run is over between two looks.
    const left = this.page.evaluate(leftByStart)
    await this.button('Start').click()
    await left
    // Start is there for a moment between compiling and the first step, too: the sentence alone says that a run has
    // ended.
    const counts = await this.ended()
    await expect(this.button('Start')).toBeVisible()
    return counts
  }

  /** Kept and prunable weights of the sentence "Accuracy 61.1 % with 1,228 of 6,144 weights kept, 80.01 % pruned." */
  async ended(): Promise<{ kept: number; prunable: number }> {
    const [, kept, prunable] = await found(this.panel('What happens now'), /([\d,]+) of ([\d,]+) weights kept/)
    return { kept: numberOf(kept), prunable: numberOf(prunable) }
  }

  /** The step that the progress line shows. */
  async step(): Promise<number> {
    return numberOf(/step ([\d,]+) of/.exec(await this.panel('Progress').innerText())?.[1])
  }

  /**
   * The step that the progress line has shown for a second: steps that were under way when a run was paused still
   * arrive.
   */
  async restingStep(): Promise<number> {
    let last = NaN
    const rests = async () => {
      const before = last
      last = await this.step()
      return last === before
    }
    await expect.poll(rests, { intervals: [1000] }).toBe(true)
    return last
  }

  /** Counts of the legend of the weight map. */
  async legend(): Promise<ClassCounts> {
    const rows = await this.page.getByRole('list', { name: 'Classes of weights' }).getByRole('listitem').allInnerTexts()
    const names: Record<WeightClass, RegExp> = { ordinary: /^Ordinary/, temporary: /^Temporary/, sentinel: /^Sentinel/ }
    const count = (name: WeightClass, fate: 'kept' | 'cut') =>
      numberOf(new RegExp(`\\n${fate}\\s+([\\d,]+)`).exec(rows.find((row) => names[name].test(row.trim())) ?? '')?.[1])
    const both = weightClasses.map((name) => [name, { kept: count(name, 'kept'), cut: count(name, 'cut') }])
    return Object.fromEntries(both) as Record<WeightClass, ClassCount>
  }

  /** Weights that the legend counts as cut. */
  async cut(): Promise<number> {
    return Object.values(await this.legend()).reduce((sum, { cut }) => sum + cut, 0)
  }

  /** The pixels of the weight map as they are on the screen. */
  async mapColours(): Promise<Colour[]> {
    const { data, channels } = decode(await this.map.screenshot())
    return Array.from({ length: data.length / channels }, (_, pixel) => {
      const [red = 0, green = 0, blue = 0] = data.slice(channels * pixel, channels * pixel + 3)
      return [red, green, blue]
    })
  }

  /** A place on the map by shares of its box: around the middle there are weights. */
  async mapPoint(x: number, y: number): Promise<{ x: number; y: number }> {
    const box = await this.map.boundingBox()
    return { x: x * (box?.width ?? 0), y: y * (box?.height ?? 0) }
  }

  /** Share of cut weights among the pixels of the weight map that show a weight, as they are on the screen. */
  async mapCut(theme: 'light' | 'dark' = 'light'): Promise<number> {
    const counts = { kept: 0, cut: 0, background: 0 }
    for (const colour of await this.mapColours()) counts[nearest(colour, theme)] += 1
    return counts.cut / Math.max(1, counts.cut + counts.kept)
  }
}

/** The tabs on which panels lie. */
const tabOf = {
  'Weight map': 'Map',
  'Accuracy against sparsity': 'Curves',
  'Loss and accuracy': 'Curves',
  'Before the task': 'Curves',
  Comparison: 'Compare',
  'A | B: what each keeps': 'Compare',
  'Kept runs': 'Compare',
  'Try it': 'Try it',
  'What it gets wrong': 'Try it',
  'Why it was kept': 'Inside',
  'Accuracy lost at cuts': 'Inside',
  'Sparsity per layer': 'Inside',
  'Heads and neurons': 'Inside',
  Size: 'Cost',
  'Theory and latency': 'Cost',
  'Why random networks suffice': 'Learn',
  Lessons: 'Learn',
} as const

/** Resolves once the page has no Start button, be it for a moment only. Runs in the page. */
function leftByStart(): Promise<void> {
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if ([...document.querySelectorAll('button')].some((button) => button.textContent === 'Start')) return
      observer.disconnect()
      resolve()
    })
    observer.observe(document.body, { childList: true, subtree: true, characterData: true })
  })
}

/** What a pattern finds in a part of the page, as soon as it is there: looked for and read at once. */
async function found(part: Locator, pattern: RegExp): Promise<readonly string[]> {
  const groups: string[] = []
  const look = async () => {
    groups.push(...(pattern.exec(await part.innerText()) ?? []))
    return groups.length
  }
  await expect.poll(look, { timeout: 180_000, message: `${String(pattern)} on the page` }).toBeGreaterThan(0)
  return groups
}

/**
 * Whose colour a pixel comes closest to: the map shades the colour of a kept weight by its size, down to 0.65 of it.
 */
function nearest(pixel: Colour, theme: 'light' | 'dark'): 'kept' | 'cut' | 'background' {
  const ground = mapBackground[theme]
  const faint = (colour: Colour): Colour =>
    [0, 1, 2].map((c) => (ground[c] ?? 0) + 0.65 * ((colour[c] ?? 0) - (ground[c] ?? 0))) as unknown as Colour
  const table = [
    { is: 'background' as const, colour: ground },
    ...weightClasses.flatMap((name) => {
      const { kept, cut } = classColours[theme][name]
      return [
        { is: 'kept' as const, colour: kept },
        { is: 'kept' as const, colour: faint(kept) },
        { is: 'cut' as const, colour: cut },
      ]
    }),
  ]
  const far = ({ colour }: (typeof table)[number]) =>
    colour.reduce((sum, value, c) => sum + (value - (pixel[c] ?? 0)) ** 2, 0)
  return table.reduce((a, b) => (far(b) < far(a) ? b : a)).is
}

function numberOf(text: string | undefined): number {
  return text === undefined ? NaN : Number(text.replaceAll(',', ''))
}

interface Fixtures {
  readonly playground: Playground
  /** Texts of console errors that a test expects; any other fails it. */
  readonly expectedErrors: RegExp[]
}

export const test = base.extend<Fixtures>({
  // Playwright reads the destructured names; an empty pattern says that this fixture needs none.
  expectedErrors: async ({}, use) => {
    await use([])
  },
  playground: async ({ page, expectedErrors }, use) => {
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
    await use(new Playground(page))
    expect(errors.filter((text) => !expectedErrors.some((pattern) => pattern.test(text)))).toEqual([])
  },
})

export { expect }
