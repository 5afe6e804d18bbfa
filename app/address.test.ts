import { expect, test } from 'vitest'
import { defaultExperiment } from '../src/config/defaults'
import { runId } from '../src/config/identity'
import { toLink } from '../src/config/link'
import { openPreset } from '../src/config/presets'
import { followAddress, type AddressBar } from './address'
import { createApp } from './store/app'
import { handResult } from './testing/events'
import { handTrainer } from './testing/handTrainer'

type Kind = Parameters<AddressBar['addEventListener']>[0]

/** A window with a history, over an app; `entries` are the addresses that Back and Forward lead through. */
function visit(hash: string, pathname = '/play/', search = '?backend=wasm') {
  const clock = { now: 0 }
  const listeners: [Kind, () => void][] = []
  const tell = (...kinds: Kind[]) => {
    for (const [kind, listener] of listeners) if (kinds.includes(kind)) listener()
  }
  const stack: { hash: string; state: unknown }[] = [{ hash, state: null }]
  let at = 0
  const place = (state: unknown, url: string) => ({ hash: url.slice(url.indexOf('#')), state })
  const bar = {
    written: [] as string[],
    location: {
      get hash() {
        return stack[at]!.hash
      },
      pathname,
      search,
    },
    history: {
      get state() {
        return stack[at]!.state
      },
      pushState(state: unknown, _: string, url: string) {
        bar.written.push(url)
        stack.splice(++at, Infinity, place(state, url))
      },
      replaceState(state: unknown, _: string, url: string) {
        bar.written.push(url)
        stack[at] = place(state, url)
      },
    },
    performance: { now: () => clock.now },
    addEventListener(kind: Kind, then: () => void) {
      listeners.push([kind, then])
    },
    go(next: string) {
      stack.splice(++at, Infinity, { hash: next, state: null })
      tell('popstate')
      tell('hashchange')
    },
    travel(by: number) {
      at += by
      tell('popstate')
      tell('hashchange')
    },
    tell,
    entries: () => stack.map((entry) => entry.hash),
  }
  const app = createApp({ connect: handTrainer, shelf: null, now: () => 0, random: () => 0, search: '' })
  followAddress(app, bar)
  return { app, bar, clock, setup: () => app.store.getState().setup }
}

test('opens the link and keeps it', () => {
  const { bar, setup } = visit('#/v1?seed=3&method=snip')
  expect(setup().experiment).toMatchObject({ seed: 3, method: { id: 'snip' } })
  expect(setup().notes).toEqual([])
  expect(bar.written).toEqual([])
})

test('an address without a link opens what runs without a network, and gets its link; path and query are kept', () => {
  const { bar, setup } = visit('')
  expect(setup().experiment).toEqual(openPreset('shapes-quick'))
  expect(bar.written).toEqual([`/play/?backend=wasm${toLink(openPreset('shapes-quick'))}`])
  bar.go('#/v1?seed=9')
  bar.go('#')
  expect(setup()).toMatchObject({ experiment: openPreset('shapes-quick'), notes: [] })
})

test('the link of the default experiment means that experiment, not what the page opens without a link', () => {
  const { bar, setup } = visit('#/v1')
  expect(setup().experiment).toEqual(defaultExperiment)
  expect(bar.written).toEqual([])
})

test('a wrong value is mended in the address and named in a note', () => {
  const { bar, setup } = visit('#/v1?seed=-1')
  expect(bar.location.hash).toBe('#/v1?seed=0')
  expect(setup().notes).toHaveLength(1)
})

test('a link that was mangled on its way opens what it means, says so, and stands mended in the address', () => {
  for (const [hash, pathname, search] of [
    ['#%2Fv1%3Fseed%3D3%26data%3Dsst2'],
    ['#/v1?seed=3&amp;data=sst2'],
    ['#/v1?seed=3&data=sst2).'],
    ['', '/play/%23/v1', '?seed=3&data=sst2'],
    ['', '/play/', '?seed=3&data=sst2'],
  ] as [string, string?, string?][]) {
    const { bar, setup } = visit(hash, pathname, search)
    expect(setup().experiment).toMatchObject({ seed: 3, data: { id: 'sst2' } })
    expect(setup().notes).toHaveLength(1)
    expect(bar.written.at(-1)).toBe(`/play/${search === undefined ? '?backend=wasm' : ''}#/v1?seed=3&data=sst2`)
  }
})

test('follows the set-up, and a pasted link opens', () => {
  const { app, bar, setup } = visit('#/v1')
  app.actions.setSeed(8)
  expect(bar.location.hash).toBe('#/v1?seed=8')
  bar.go('#/v1?seed=9')
  expect(setup().experiment.seed).toBe(9)
  bar.go('#rubbish')
  expect(bar.location.hash).toBe('#/v1')
  expect(setup().notes).toHaveLength(1)
})

test('each change is an entry of its own; Back and Forward lead through them and write none', () => {
  const { app, bar, clock, setup } = visit('#/v1')
  for (const seed of [2, 3]) {
    clock.now += 1500
    app.actions.setSeed(seed)
  }
  expect(bar.entries()).toEqual(['#/v1', '#/v1?seed=2', '#/v1?seed=3'])
  bar.travel(-1)
  expect(setup().experiment.seed).toBe(2)
  bar.travel(-1)
  expect(setup().experiment.seed).toBe(1)
  bar.travel(2)
  expect(setup().experiment.seed).toBe(3)
  expect(bar.entries()).toHaveLength(3)
})

test('a burst is one entry, and so is a drag, however long it takes', () => {
  const { app, bar, clock } = visit('#/v1')
  const change = (seed: number, after: number) => {
    clock.now += after
    app.actions.setSeed(seed)
  }
  change(2, 0)
  change(3, 300)
  change(4, 900)
  expect(bar.entries()).toEqual(['#/v1', '#/v1?seed=4'])
  bar.tell('pointerdown')
  change(5, 100)
  change(6, 5000)
  change(7, 5000)
  bar.tell('pointerup')
  expect(bar.entries()).toEqual(['#/v1', '#/v1?seed=4', '#/v1?seed=7'])
  bar.tell('pointerdown')
  bar.tell('pointerup')
  change(8, 10)
  expect(bar.entries()).toHaveLength(4)
})

test('an address that is mended on the way back leaves the entries after it', () => {
  const { app, bar, setup } = visit('#/v1')
  bar.go('#/v1?seed=-1')
  app.actions.setSeed(8)
  bar.travel(-1)
  expect(bar.entries()).toEqual(['#/v1', '#/v1?seed=0', '#/v1?seed=8'])
  bar.travel(1)
  expect(setup().experiment.seed).toBe(8)
})

test('an entry remembers which kept run it showed', () => {
  const { app, bar } = visit('#/v1?seed=3')
  for (const seed of [1, 2])
    app.actions.receive({ type: 'finished', result: handResult({ ...defaultExperiment, seed }, 0.8, 0.3, 0.4) })
  const id = (seed: number) => runId({ ...defaultExperiment, seed })
  const picked = () => app.store.getState().picked
  app.actions.pick(id(1))
  bar.tell('pointerdown')
  app.actions.pick(id(2))
  bar.travel(-1)
  expect(picked()).toBe(id(1))
  bar.travel(-1)
  expect(picked()).toBeNull()
  bar.travel(2)
  expect(picked()).toBe(id(2))
})
