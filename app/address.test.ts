import { expect, test } from 'vitest'
import { defaultExperiment } from '../src/config/defaults'
import { toLink } from '../src/config/link'
import { openPreset } from '../src/config/presets'
import { followAddress } from './address'
import { createApp } from './store/app'
import { handTrainer } from './testing/handTrainer'

function visit(hash: string, pathname = '/play/', search = '?backend=wasm') {
  let listener: () => void = () => undefined
  const bar = {
    location: { hash, pathname, search },
    written: [] as string[],
    history: {
      replaceState(_: unknown, __: string, url: string) {
        bar.written.push(url)
        bar.location.hash = url.slice(url.indexOf('#'))
      },
    },
    addEventListener(_: 'hashchange', then: () => void) { listener = then },
    go(next: string) {
      bar.location.hash = next
      listener()
    },
  }
  const app = createApp({ connect: handTrainer, shelf: null, now: () => 0, random: () => 0, search: '' })
  followAddress(app, bar)
  return { app, bar, setup: () => app.store.getState().setup }
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
    ['#%2Fv1%3Fseed%3D3%26data%3Dsst2'], ['#/v1?seed=3&amp;data=sst2'], ['#/v1?seed=3&data=sst2).'],
    ['', '/play/%23/v1', '?seed=3&data=sst2'], ['', '/play/', '?seed=3&data=sst2'],
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
