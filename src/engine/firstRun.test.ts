import { expect, it } from 'vitest'
import { startingFrom } from '../config/firstRun'
import { runId } from '../config/identity'
import type { Experiment } from '../core/experiment'
import { fakeHost, memoryFiles } from '../data/testing'
import { openSession } from './run/openSession'
import { weightsOf } from './run/weightsFile'
import { experimentOf, smallBert, smallVit } from './testing'
import type { TrainerEvent } from '../core/trainer'

const vit = { ...smallVit, method: 'magnitude', 'method.sparsity': 0.5, 'training.steps': 12 }

async function begun(experiment: Experiment, weights = memoryFiles(), signal = new AbortController().signal) {
  const events: TrainerEvent[] = []
  const emit = (event: TrainerEvent) => void events.push(event)
  const host = fakeHost({ kind: 'node', weights })
  const place = {
    host,
    emit,
    signal,
    gpu: undefined,
    backend: 'cpu',
    allowSoftware: true,
    wasm: '',
    tune: false,
  } as const
  const session = await openSession(experiment, place)
  return { session, events, notes: events.flatMap((e) => (e.type === 'note' ? [e.text] : [])) }
}

function startFrom(experiment: Experiment): Experiment {
  const next = startingFrom(experiment)
  if (typeof next === 'string') throw new Error(next)
  return next
}

it('makes the first run where its weights are not kept, to its end, and keeps them', async () => {
  const first = experimentOf(vit)
  const { session } = await begun(first)
  while (!session.finished) await session.advance(5)
  await session.settle()
  const tensors = await session.tensors()
  session.dispose()

  const weights = memoryFiles()
  const made = await begun({ ...startFrom(first), seed: 7 }, weights)
  const read = await made.session.executor.weights()
  for (const { name, offset, size } of made.session.executor.layout.tensors)
    expect(read.slice(offset, offset + size), name).toEqual(tensors.find((t) => t.name === name)?.values)
  expect(made.notes.join(' ')).toMatch(/not kept here, so it was made first.*From the run that this one starts from/)
  const steps = made.events.flatMap((e) => (e.type === 'loading' && e.progress.steps ? [e.progress.steps.done] : []))
  expect(steps.at(-1)).toBe(12)
  expect(made.events.filter(({ type }) => type === 'opened')).toHaveLength(1)
  made.session.dispose()

  expect((await weights.list()).map(({ key }) => key)).toEqual([runId(first)])
  const again = await begun(startFrom(first), weights)
  expect(again.notes.join(' ')).not.toContain('made first')
  expect(await again.session.executor.weights()).toEqual(read)
  again.session.dispose()
})

it('spells texts in the words of the first run, and draws the head anew for other classes', async () => {
  const first = experimentOf({ ...smallBert, method: 'dense', 'training.steps': 2 })
  const made = await begun({ ...startFrom(first), seed: 5 })
  const plain = await begun(first)
  expect(made.session.examples.vocabulary).toEqual(plain.session.examples.vocabulary)
  made.session.dispose()
  plain.session.dispose()
})

it('can be given up, and keeps nothing then', async () => {
  const weights = memoryFiles()
  const giveUp = new AbortController()
  const first = experimentOf({ ...vit, 'training.steps': 100_000 })
  const opening = begun(startFrom(first), weights, giveUp.signal)
  setTimeout(() => giveUp.abort(), 300)
  await expect(opening).rejects.toHaveProperty('name', 'AbortError')
  expect(await weights.list()).toEqual([])
})

it('makes a damaged file anew, and refuses a run of another model', async () => {
  const first = experimentOf({ ...vit, 'training.steps': 2 })
  const weights = memoryFiles()
  await weights.put(runId(first), new ArrayBuffer(20))
  const { session } = await begun(startFrom(first), weights)
  expect((await weightsOf(session, 'f32'))?.byteLength).toBeGreaterThan(20)
  session.dispose()
  expect((await weights.list())[0]?.bytes).toBeGreaterThan(20)
  const wider = { ...startFrom(first), model: experimentOf({ ...vit, 'model.width': 16 }).model }
  await expect(begun(wider, weights)).rejects.toMatchObject({
    about: 'start',
    what: expect.stringMatching(/of the run that this one starts from has the shape/) as unknown,
  })
})
