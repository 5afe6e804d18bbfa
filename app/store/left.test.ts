import { describe, expect, it, vi } from 'vitest'
import { runId } from '../../src/config/identity'
import { toLink } from '../../src/config/link'
import { openPreset } from '../../src/config/presets'
import type { Recipe } from '../../src/config/recipe'
import type { ProblemData } from '../../src/core/problem'
import type { OpenOptions, Phase, TrainerEvent } from '../../src/core/trainer'
import type { Experiment } from '../../src/core/experiment'
import { handOpened, handResult } from '../testing/events'
import { handTrainer } from '../testing/handTrainer'
import { handShelf } from '../testing/shelf'
import { freshVault } from '../testing/vaults'
import { createApp } from './app'
import type { Vault } from './kept/vault'
import { forgetLeft, noteLeft, readLeft } from './left'
import { possibleRuns } from './queue'
import { isFree, leftHere } from './state'

const experiment = openPreset('cifar10-nano')
const link = toLink(experiment)

/** A page on this shelf, with a trainer that opens at once, or ends each opening in the next of these phases. */
function page(
  shelf: ReturnType<typeof handShelf>,
  unopened: Phase[] = [],
  vault: Vault | null = null,
  about: ProblemData['about'] = 'checkpoint',
) {
  const opened: [Experiment, OpenOptions][] = []
  const calls: string[] = []
  const app = createApp({
    connect: (receive: (event: TrainerEvent) => void) => ({
      ...handTrainer(),
      open: (wanted, options) => {
        opened.push([wanted, options])
        const phase = unopened.shift()
        if (phase === 'failed') receive({ type: 'problem', problem: { what: 'It is gone.', fix: '', about } })
        if (phase) {
          receive({ type: 'phase', phase, text: '' })
          return Promise.resolve()
        }
        receive({ type: 'opened', opened: handOpened(wanted) })
        receive({ type: 'phase', phase: 'ready', text: 'Ready' })
        return Promise.resolve()
      },
      discardLeft: (runId) => {
        calls.push(`discard ${runId}`)
        return Promise.resolve()
      },
      handOver: () => {
        receive({ type: 'phase', phase: 'idle', text: '' })
        return Promise.resolve()
      },
      start: () => {
        calls.push('start')
        receive({ type: 'phase', phase: 'running', text: 'Training' })
        return Promise.resolve()
      },
    }),
    shelf,
    vault,
    now: () => 1000,
    random: () => 0,
    search: '',
  })
  const offered = () => (isFree(app.store.getState()) ? leftHere(app.store.getState()).length : 0)
  return { ...app, opened, calls, offered, left: () => leftHere(app.store.getState()) }
}

it('notes what was saved, and forgets it when that run ends, not when another one does', async () => {
  const shelf = handShelf()
  const { actions, left } = page(shelf)
  await actions.start()
  expect(readLeft(shelf)).toEqual([])
  actions.receive({ type: 'saved', link, step: 740 })
  expect(readLeft(shelf)).toEqual([{ experiment, recipe: null, link, step: 740, at: 1000 }])
  expect(left()).toEqual(readLeft(shelf))
  actions.receive({ type: 'finished', result: handResult(openPreset('shapes-quick'), 0.9, 0.9, 0.8) })
  actions.receive({ type: 'unsaved', link: toLink(openPreset('shapes-quick')) })
  expect(readLeft(shelf)).toMatchObject([{ step: 740 }])
  actions.receive({ type: 'unsaved', link })
  expect([readLeft(shelf), shelf.kept.size]).toEqual([[], 0])
})

it('is offered on the next visit, and goes on as it was asked for', async () => {
  const shelf = handShelf()
  noteLeft(shelf, { link, step: 740, at: 5 })
  const { actions, store, left, offered, opened, calls } = page(shelf)
  expect([left(), offered()]).toEqual([[{ experiment, recipe: null, link, step: 740, at: 5 }], 1])
  await actions.continueLeft(link)
  expect(opened).toMatchObject([[experiment, { resume: true }]])
  expect([calls, offered()]).toEqual([['start'], 0])
  expect(store.getState().setup.experiment).toEqual(experiment)
  actions.receive({ type: 'unsaved', link })
  expect(left()).toEqual([])
})

it('is offered again where it could not be opened, and tried again from where it was saved', async () => {
  const shelf = handShelf()
  noteLeft(shelf, { link, step: 740, at: 5 })
  const { actions, offered, opened, calls } = page(shelf, ['idle', 'failed'])
  await actions.continueLeft(link)
  expect(offered()).toBe(1)
  await actions.continueLeft(link)
  expect([offered(), calls]).toEqual([1, []])
  await actions.retry()
  expect(opened.map(([, { resume }]) => resume)).toEqual([true, true, true])
  expect([offered(), calls]).toEqual([0, ['start']])
})

it('stays when another run is saved; of many, the oldest leave with their checkpoints, and are named', async () => {
  const shelf = handShelf()
  const { actions, left, calls, store } = page(shelf)
  const seeds = [1, 2, 3, 4, 5, 6, 7]
  for (const seed of seeds) actions.receive({ type: 'saved', link: toLink({ ...experiment, seed }), step: seed })
  expect(left().map(({ step }) => step)).toEqual([7, 6, 5, 4, 3, 2])
  await Promise.resolve()
  expect(calls).toEqual([`discard ${runId({ ...experiment, seed: 1 })}`])
  expect(store.getState().run.notes).toEqual([
    'The browser keeps the last 6 unfinished runs and comparisons. The oldest was removed to make room: '
      + 'SEVENdyn, 80 %, seed 1, saved at step 1 (CIFAR-10, ViT nano, 1,500 steps).',
  ])
})

it('stays, however old, while another tab trains it', async () => {
  const shelf = handShelf()
  const { actions, left, calls } = page(shelf)
  const links = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => toLink({ ...experiment, seed }))
  const comparison = toLink(experiment, { methods: [], sparsities: [0.5], seeds: [1] })
  noteLeft(shelf, { link: links[0]!, step: 1, at: 1 })
  noteLeft(shelf, { link: links[1]!, step: 2, at: 1, within: comparison })
  const theirs = [links[0]!, comparison]
  actions.showElsewhere(theirs.map((link) => ({ claim: link, link })))
  for (const [i, link] of links.slice(2).entries()) actions.receive({ type: 'saved', link, step: 3 + i })
  await Promise.resolve()
  expect([readLeft(shelf).length, calls]).toEqual([8, []])
  actions.showElsewhere([])
  actions.receive({ type: 'saved', link: links[7]!, step: 9 })
  expect(left().map(({ step }) => step)).toEqual([9, 7, 6, 5, 4, 3])
  await Promise.resolve()
  expect(calls).toHaveLength(2)
})

it('goes on when a run that was saved is tried again, and begins anew when it was not, or is reset', async () => {
  const { actions, opened } = page(handShelf())
  const fail = () => actions.receive({ type: 'phase', phase: 'failed', text: '' })
  actions.openLink(link)
  await actions.start()
  fail()
  await actions.retry()
  actions.receive({ type: 'saved', link, step: 740 })
  fail()
  await actions.retry()
  await actions.reset()
  fail()
  await actions.retry()
  expect(opened.map(([, { resume }]) => resume)).toEqual([undefined, undefined, true, undefined])
})

it('is found as the first versions noted it, under their keys', () => {
  const note = { link, step: 740, at: 5 }
  const found = { ...note, experiment, recipe: null }
  expect(readLeft(handShelf(new Map([['pruning-playground/left-run', JSON.stringify(note)]])))).toEqual([found])
  const shelf = handShelf(new Map([['left-run', JSON.stringify(note)]]))
  expect(readLeft(shelf)).toEqual([found])
  noteLeft(shelf, { link, step: 900, at: 6 })
  expect(readLeft(shelf)).toMatchObject([{ step: 900 }])
  forgetLeft(shelf, [link])
  expect([readLeft(shelf), shelf.kept.size]).toEqual([[], 0])
})

it('can be discarded', async () => {
  const shelf = handShelf()
  noteLeft(shelf, { link, step: 740, at: 5 })
  const { actions, left, calls } = page(shelf)
  actions.discardLeft(link)
  await Promise.resolve()
  expect([left(), readLeft(shelf), calls]).toEqual([[], [], [`discard ${runId(experiment)}`]])
})

describe('a comparison', () => {
  const recipe: Recipe = { methods: [{ id: 'snip', knobs: {} }], sparsities: [0.5, 0.8], seeds: [1] }
  const start = openPreset('shapes-quick')
  const all = toLink(start, recipe)
  const ran = (sparsity: number) => possibleRuns(recipe, start, [])[sparsity]!.experiment
  /** A page that was left in the second of the comparison's runs, when the first one was kept. */
  async function left() {
    const [shelf, vault] = [handShelf(), freshVault()]
    const { actions, store, settled } = page(shelf, [], vault)
    actions.openLink(all)
    void actions.compare()
    const { receive } = actions
    await vi.waitFor(() => expect(store.getState().run.phase).toBe('running'))
    receive({ type: 'finished', result: handResult(ran(0), 0.5, 0.9, 0.8) })
    receive({ type: 'phase', phase: 'finished', text: '' })
    await vi.waitFor(() => expect(store.getState().run.asked?.place).toEqual({ run: 2, of: 2 }))
    receive({ type: 'saved', link: toLink(ran(1)), step: 30 })
    await settled()
    return { shelf, vault }
  }

  it('is offered as one, goes on in the run in which it was left, and is forgotten at its end', async () => {
    const { shelf, vault } = await left()
    const { actions, left: offers, store, opened } = page(shelf, [], vault)
    expect(offers()).toMatchObject([{ link: all, step: 0, recipe }])
    void actions.continueLeft(all)
    await vi.waitFor(() => expect(opened).toHaveLength(1))
    expect(opened).toMatchObject([[ran(1), { resume: true }]])
    expect(store.getState().setup.experiment).toEqual(start)
    actions.receive({ type: 'unsaved', link: toLink(ran(1)) })
    actions.receive({ type: 'phase', phase: 'finished', text: '' })
    await vi.waitFor(() => expect(store.getState().comparing.queue?.state).toBe('finished'))
    expect([offers(), readLeft(shelf)]).toEqual([[], []])
  })

  it('is discarded with the run in which it was left', async () => {
    const { shelf, vault } = await left()
    const { actions, calls } = page(shelf, [], vault)
    actions.discardLeft(all)
    await Promise.resolve()
    expect([readLeft(shelf), calls]).toEqual([[], [`discard ${runId(ran(1))}`]])
  })

  it('begins its run anew where what was saved of it cannot be opened', async () => {
    const { shelf, vault } = await left()
    const { actions, opened } = page(shelf, ['failed'], vault)
    void actions.continueLeft(all)
    await vi.waitFor(() => expect(opened).toHaveLength(2))
    expect(opened.map(([, { resume }]) => resume)).toEqual([true, undefined])
  })

  it('keeps what was saved of its run where the data cannot be read for now', async () => {
    const { shelf, vault } = await left()
    const { actions, opened, store } = page(shelf, ['failed'], vault, 'data')
    await actions.continueLeft(all)
    expect(opened.map(([, { resume }]) => resume)).toEqual([true])
    expect(store.getState().comparing.queue?.failed).toMatchObject([{ why: 'It is gone.' }])
    expect(readLeft(shelf)).toMatchObject([{ link: toLink(ran(1)), step: 30 }])
  })

  it('is forgotten when it is stopped, not when another tab takes it over', async () => {
    const { shelf, vault } = await left()
    const first = page(shelf, [], vault)
    void first.actions.continueLeft(all)
    await vi.waitFor(() => expect(first.calls).toEqual(['start']))
    await first.actions.handOver()
    expect(first.left().map(({ link }) => link)).toEqual([all])
    void first.actions.continueLeft(all)
    await vi.waitFor(() => expect(first.calls).toEqual(['start', 'start']))
    void first.actions.stop()
    expect(first.left().map(({ link }) => link)).not.toContain(all)
  })

  it('goes on by itself where the address asks for that, and begins where nothing was left', async () => {
    const { shelf, vault } = await left()
    for (const [on, resumed] of [
      [shelf, true],
      [handShelf(), undefined],
    ] as const) {
      const { actions, opened } = page(on, [], vault)
      actions.openLink(all)
      void actions.autostart()
      await vi.waitFor(() => expect(opened).toHaveLength(1))
      expect(opened).toMatchObject([[ran(1), resumed ? { resume: true } : {}]])
    }
  })
})

it.each([
  '',
  '{',
  '{}',
  'null',
  '[1]',
  '{"link":"x"}',
  '{"link":"nonsense","step":1,"at":1}',
  '{"link":1,"step":1,"at":1}',
])('is nothing where its note is %j', (text) => {
  const shelf = handShelf()
  shelf.setItem('pruning-playground/left-run', text)
  expect(readLeft(shelf)).toEqual([])
})
