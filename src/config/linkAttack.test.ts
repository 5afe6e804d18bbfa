import { cpuUsage } from 'node:process'
import { expect, it } from 'vitest'
import { attackSeeds, attackSize } from '../cli/attack/size'
import { mutate } from '../cli/attack/mutate'
import { Problem } from '../core/problem'
import { fromJson, toJson } from './json'
import { fromLink, toLink } from './link'
import frozen from './links.json'
import { openPreset, presets } from './presets'
import { plannedRuns } from './recipe'
import { noRole } from './role'

const bytes = (text: string) => new TextEncoder().encode(text)
const links = [
  ...frozen.map(({ link }) => link),
  '#/v1?compare.methods=dense_snip_magnitude*at*0.25&compare.sparsities=0.5_0.875&compare.seeds=1_7',
  '#/v1?lock=method_training.steps&hide=seed&task=Why*u3F-*uA-*u2A-all*u2A-&stage=1&kiosk=toy_sst2-nano&idle=30',
  'https://example.org/play/?backend=wasm#/v1?data=sst2&seed=3&method=snip&method.sparsity=0,8',
]
const texts = Object.keys(presets).map((name) => toJson(openPreset(name)))
/** What no sentence for people may hold. */
const leaked = /undefined|\[object|NaN|Cannot read|is not a function|RangeError|TypeError/
/** Seconds of processor time: a busy machine may take any time by the clock. */
const mostSeconds = 2

const { seeds, drawn } = attackSeeds(attackSize(2000, 100_000))
const pick = (list: readonly string[], seed: number) => list[seed % list.length] ?? ''
/** A damaged text; bytes that are no UTF-8 become what a browser makes of them. */
const damaged = (list: readonly string[], seed: number) =>
  new TextDecoder().decode(mutate(bytes(pick(list, seed)), bytes(pick(list, Math.floor(seed / list.length))), seed))

it(`damaged links open an experiment, soon and with a word on what was changed (new seeds from ${drawn})`, () => {
  const faults = seeds.flatMap((seed) => {
    const link = damaged(links, seed)
    const begun = cpuUsage()
    const { experiment, recipe = null, role, notes } = fromLink(link)
    const again = fromLink(toLink(experiment, recipe, role))
    if (recipe) plannedRuns(recipe, experiment)
    const seconds = cpuUsage(begun).user / 1e6
    const found = [
      ...(seconds > mostSeconds ? [`took ${seconds.toFixed(1)} s`] : []),
      ...(again.notes.length > 0 ? [`comes back with ${again.notes[0] ?? ''}`] : []),
      ...(JSON.stringify(again.experiment) === JSON.stringify(experiment) ? [] : ['comes back as another one']),
      ...(JSON.stringify(again.role ?? noRole) === JSON.stringify(role ?? noRole)
        ? []
        : ['comes back for another use']),
      // Of what the link itself says, notes quote a part.
      ...notes.filter((note) => leaked.test(note) && !leaked.test(link)),
    ]
    return found.map((fault) => `seed ${seed}: ${fault}`)
  })
  expect(faults).toEqual([])
}, 3_600_000)

it(`damaged JSON opens an experiment or is a Problem (new seeds from ${drawn})`, () => {
  const faults = seeds.slice(0, seeds.length / 4).flatMap((seed) => {
    const begun = cpuUsage()
    try {
      fromJson(damaged(texts, seed))
    } catch (error) {
      if (!(error instanceof Problem)) return [`seed ${seed}: ${String(error)}`]
    }
    return cpuUsage(begun).user / 1e6 > mostSeconds ? [`seed ${seed}: slow`] : []
  })
  expect(faults).toEqual([])
}, 3_600_000)
