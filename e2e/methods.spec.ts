import { fromLink } from '../src/config/link'
import { modelOf } from '../src/config/modelOf'
import { methods } from '../src/config/registries'
import { placeTensors } from '../src/core/layout'
import type { InputSpec } from '../src/core/model'
import { oneOfEachKind, promised, quick } from '../src/config/testing'
import { expect, link, phrases, test, tiny, wasm, type Playground } from './playground'

type Settings = Readonly<Record<string, string | number>>

/** Every method, on images, in one page. */
const images: InputSpec = { task: 'image', shape: [16, 16, 3], classes: 10 }
const onImages: Settings = { ...tiny, 'training.steps': 24, 'training.evaluateEvery': 0 }

/** One of each kind, on texts. How many words there are and how long texts get moves no weight that can be pruned. */
const texts: InputSpec = { task: 'text', vocabulary: 100, length: 24, classes: 2 }
const onTexts: Settings = {
  ...phrases,
  'data.train': 128,
  'training.steps': 24,
  'training.batch': 8,
  'training.evaluateEvery': 0,
}

/** Opens a link in the page that is there, as if it were pasted into the address bar, and runs it to its end. */
async function runs(playground: Playground, settings: Settings, input: InputSpec, query?: string): Promise<void> {
  const { experiment, notes } = fromLink(link(settings))
  expect(notes).toEqual([])
  await playground.open(link(settings), query)
  // A page that was there already hears of its new address a moment later.
  await expect(playground.picker('Method')).toHaveValue(methods[experiment.method.id]?.label ?? '')
  const layout = placeTensors(modelOf(experiment).tensors(experiment.model.values, input))
  const { kept, outcome, prunable } = promised(experiment, layout)
  const end = await playground.runToEnd()
  if (outcome) expect(end.kept).toBeGreaterThanOrEqual(kept)
  else expect(end.kept).toBe(kept)
  expect(end.prunable).toBe(prunable)
  await expect(playground.page.getByRole('alert')).toHaveCount(0)
}

/** One method after the other, so that a failure of one says nothing of the others. */
async function eachRuns(
  playground: Playground,
  ids: readonly string[],
  settings: Settings,
  input: InputSpec,
  query?: string,
): Promise<void> {
  const failures: string[] = []
  for (const id of ids) {
    await test
      .step(id, () => runs(playground, { ...settings, ...quick(id) }, input, query))
      .catch((error: unknown) => failures.push(`${id}: ${String(error)}`))
  }
  expect(failures).toEqual([])
}

// Seconds a method; on a machine that is busy, many times that.
test.setTimeout(1_200_000)

// On WebAssembly: a software GPU takes three times as long, and `src/engine/run/session.test.ts` has them all there.
test('every method runs to its end from its link, with the exact count', async ({ playground }) => {
  await eachRuns(playground, Object.keys(methods), onImages, images, wasm)
})

test('methods of every kind do on texts, on WebGPU', async ({ playground }) => {
  await eachRuns(playground, oneOfEachKind, onTexts, texts)
})
