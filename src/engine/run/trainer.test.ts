import * as Comlink from 'comlink'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { toLink } from '../../config/link'
import type { Store } from '../../core/host'
import type { Frame } from '../../core/recorded'
import type { Trainer, TrainerEvent } from '../../core/trainer'
import { memoryCache } from '../../data/testing'
import { dawn } from '../../gpu/testing'
import { nodeHost } from '../../host/node'
import { maskAt } from '../../past/maskAt'
import { openDevices } from './runtime'
import { experimentOf, smallMlp, smallVit } from '../testing'
import { EngineTrainer } from './trainer'

const ports: { close(): void }[] = []
afterEach(() => {
  for (const port of ports.splice(0)) port.close()
})

/** The trainer as the page has it: over comlink, through a message channel. */
function connect({ checkpoints, ...place }: { checkpoints?: Store; saveEveryMs?: number } = {}) {
  const { port1, port2 } = new MessageChannel()
  ports.push(port1, port2)
  const trainer = new EngineTrainer({
    host: () => ({
      ...nodeHost({ dataDir: 'no-such-folder', fetch: () => Promise.reject(new TypeError('fetch failed')) }),
      ...(checkpoints ? { checkpoints } : {}),
    }),
    gpu: dawn(),
    wasm: '',
    ...place,
  })
  Comlink.expose(trainer, port1)
  const remote = Comlink.wrap<Trainer>(port2)
  const events: TrainerEvent[] = []
  const until = async (found: (event: TrainerEvent, i: number) => boolean) => {
    for (let waited = 0; !events.some(found); waited += 10) {
      if (waited > 30_000) throw new Error(`It never came; there were ${events.map((e) => e.type).join(', ')}.`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  return {
    remote,
    events,
    until,
    listening: remote.listen(
      Comlink.proxy((event: TrainerEvent) => {
        events.push(event)
      }),
    ),
  }
}

const options = { backend: 'webgpu', allowSoftware: true, files: [] } as const
const framesOf = (events: readonly TrainerEvent[]) => events.flatMap((e) => (e.type === 'frame' ? [e.frame] : []))
const phases = (events: readonly TrainerEvent[]) => events.flatMap((e) => (e.type === 'phase' ? [e.phase] : []))

describe('the trainer over a message channel', () => {
  it('opens, trains to the end and hands over the result; reset and a second run give the same', async () => {
    const { remote, events, until, listening } = connect()
    await listening
    await remote.open(experimentOf(smallMlp), options)
    await until((e) => e.type === 'phase' && e.phase === 'ready')
    expect(phases(events)).toEqual(['loading', 'compiling', 'ready'])
    await remote.start()
    await until((e) => e.type === 'phase' && e.phase === 'finished')
    const first = events.flatMap((e) => (e.type === 'finished' ? [e.result] : []))[0]!
    expect(first.steps).toBe(20)
    expect(events.filter((e) => e.type === 'steps').flatMap((e) => e.steps.map((s) => s.step))).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    )
    expect(
      events.some(
        (e) =>
          e.type === 'classes'
          && Object.values(e.counts).reduce((sum, { kept, cut }) => sum + kept + cut, 0) === first.prunable,
      ),
    ).toBe(true)
    expect(events.some((e) => e.type === 'noise' && e.points.length > 0)).toBe(true)
    events.length = 0
    await remote.reset()
    await remote.start()
    await until((e) => e.type === 'phase' && e.phase === 'finished')
    const second = events.flatMap((e) => (e.type === 'finished' ? [e.result] : []))[0]!
    expect(second.evaluations).toEqual(first.evaluations)
  })

  it('does one step, stops early, and reads a weight', async () => {
    const { remote, events, until, listening } = connect()
    await listening
    await remote.open(experimentOf(smallMlp), options)
    await remote.step()
    await remote.step()
    const reading = await remote.inspect(0, 0)
    expect(reading).toMatchObject({ layer: 'hidden/weights', row: 0, column: 0 })
    expect(Number.isFinite(reading!.value) && reading!.value !== 0).toBe(true)
    expect(await remote.inspect(100_000, 0)).toBe(null)
    await remote.stop()
    await until((e) => e.type === 'phase' && e.phase === 'stopped')
    const result = events.flatMap((e) => (e.type === 'finished' ? [e.result] : [])).at(-1)!
    expect(result.steps).toBe(2)
  })

  it('asks the model at rest alone, and leaves the numbers of the run as they are', async () => {
    const losses = async (asks: boolean) => {
      const { remote, events, until, listening } = connect()
      await listening
      expect(await remote.attempt({ kind: 'held', index: 0 })).toBe(null)
      await remote.open(experimentOf(smallMlp), options)
      await remote.step()
      // Asked right before it goes on: the answer is of the weights of step 1.
      const asked = asks ? remote.attempt({ kind: 'held', index: 2 }) : null
      await remote.start()
      if (asked) expect((await asked)?.answer).toMatchObject({ index: 2, read: { kind: 'image' } })
      await until((e) => e.type === 'phase' && e.phase === 'finished')
      if (asks) expect((await remote.attempt({ kind: 'held', index: 0, wrong: true }))?.answer?.index).toBeDefined()
      return events.flatMap((e) => (e.type === 'steps' ? e.steps.map(({ loss }) => loss) : []))
    }
    expect(await losses(true)).toEqual(await losses(false))
  })

  it('does not ask a model whose weights change', async () => {
    const { remote, until, listening } = connect()
    await listening
    await remote.open(experimentOf({ ...smallMlp, 'training.steps': 4000 }), options)
    await remote.start()
    await until((e) => e.type === 'steps')
    expect((await remote.attempt({ kind: 'held', index: 0 }))?.problem?.what).toBe(
      'The run trains, and its weights change.',
    )
    await remote.stop()
  })

  it('pauses between steps and goes on', async () => {
    const { remote, events, until, listening } = connect()
    await listening
    await remote.open(experimentOf({ ...smallMlp, 'training.steps': 400 }), options)
    await remote.start()
    await until((e) => e.type === 'steps')
    await remote.pause()
    await until((e) => e.type === 'phase' && e.phase === 'paused')
    const steps = () => events.filter((e) => e.type === 'steps').length
    const before = steps()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(steps()).toBe(before)
    await remote.start()
    await until((e) => e.type === 'phase' && e.phase === 'finished')
    expect(steps()).toBeGreaterThan(before)
  })

  it('says at once that it pauses after a cut in JavaScript, or stops it; a pause is no end of the run', async () => {
    const { remote, events, until, listening } = connect()
    await listening
    const cut = { method: 'sparseGpt', 'method.batches': 60, 'method.at': 1 }
    const texts = () => events.flatMap((e) => (e.type === 'phase' ? [e.text] : []))
    const measuring = (e: TrainerEvent) => e.type === 'phase' && /^Measuring .* batch 2 of 60/.test(e.text)
    await remote.open(experimentOf({ ...smallVit, ...cut }), options)
    await remote.start()
    await until(measuring)
    await remote.pause()
    expect(texts().find((text) => text.startsWith('Pausing after this: Measuring the inputs of '))).toBeDefined()
    await until((e) => e.type === 'phase' && e.phase === 'paused')
    expect(phases(events)).not.toContain('finished')
    await remote.start()
    await until((e) => e.type === 'phase' && e.phase === 'finished')
    const result = events.flatMap((e) => (e.type === 'finished' ? [e.result] : [])).at(-1)!
    expect(result.steps).toBe(20)
    expect(result.kept).toBeLessThan(result.prunable)
    await remote.reset()
    events.length = 0
    await remote.start()
    await until(measuring)
    await remote.stop()
    await until((e) => e.type === 'phase' && e.phase === 'stopped')
    expect(texts()).toContain('Stopping')
    expect(texts().at(-1)).toBe('Stopped at step 19')
  })

  it('trains on while the page is hidden, and looks at nothing until it is seen', async () => {
    const { remote, events, until, listening } = connect()
    await listening
    await remote.open(experimentOf({ ...smallMlp, 'training.steps': 20_000 }), options)
    await remote.start()
    await until((e) => e.type === 'steps')
    await remote.setHidden(true)
    // Events come through a channel of their own.
    await new Promise((resolve) => setTimeout(resolve, 50))
    events.length = 0
    const begun = performance.now()
    await until((e) => e.type === 'steps' && performance.now() - begun > 1500)
    // It is saved, for the page may never be seen again, and its course is recorded.
    const looks = events.map(({ type }) => type).filter((type) => type !== 'saved' && type !== 'frame')
    expect(new Set(looks)).toEqual(new Set(['steps']))
    await remote.setHidden(false)
    await until((e) => e.type === 'classes')
    await until((e) => e.type === 'noise')
    await remote.stop()
  })

  it('turns failures into a problem with its fix, and can open something else afterwards', async () => {
    const { remote, events, until, listening } = connect()
    await listening
    await remote.open(experimentOf({ data: 'cifar10' }), options)
    await until((e) => e.type === 'phase' && e.phase === 'failed')
    const problem = events.flatMap((e) => (e.type === 'problem' ? [e.problem] : []))[0]!
    expect(problem.what).toMatch(/CIFAR-10|cifar10/)
    expect(problem.fix.length).toBeGreaterThan(10)
    await remote.open(experimentOf(smallMlp), options)
    await until((e) => e.type === 'phase' && e.phase === 'ready')
  })

  it('cancels loading', async () => {
    const { remote, until, listening } = connect()
    await listening
    const opening = remote.open(experimentOf({ data: 'shapes', 'data.train': 60_000 }), options)
    await new Promise((resolve) => setTimeout(resolve, 5))
    await remote.cancel()
    await opening
    await until((e) => e.type === 'phase' && e.phase === 'idle')
  })

  it('a run opened while a stopped one is measured trains to its end, and hears nothing of the other', async () => {
    const { remote, events, until, listening } = connect()
    await listening
    await remote.open(experimentOf({ ...smallMlp, 'training.steps': 20_000 }), options)
    await remote.start()
    await until((e) => e.type === 'steps')
    const stopped = remote.stop()
    const opened = remote.open(experimentOf({ ...smallMlp, seed: 2, 'model.width': 6 }), options)
    await opened
    await stopped
    await remote.start()
    await until((e) => e.type === 'phase' && e.phase === 'finished')
    expect(events.filter((e) => e.type === 'problem')).toEqual([])
    expect(events.flatMap((e) => (e.type === 'finished' ? [e.result.steps] : []))).toEqual([20])
    expect(phases(events)).not.toContain('stopped')
  })

  it('reset right after stop brings back the same weights', async () => {
    const { remote, until, listening } = connect()
    await listening
    await remote.open(experimentOf({ ...smallMlp, 'training.steps': 20_000 }), options)
    const before = await remote.weights('f32')
    await remote.start()
    await until((e) => e.type === 'steps')
    await Promise.all([remote.stop(), remote.stop(), remote.reset()])
    await until((e) => e.type === 'phase' && e.phase === 'stopped')
    expect(await remote.weights('f32')).toEqual(before)
  })

  it('a new start shows what the first one did: no gradient of the run before is left', async () => {
    const { remote, events, until, listening } = connect()
    await listening
    await remote.open(experimentOf(smallMlp), options)
    const classes = async (nth: number) => {
      const seen = () => events.flatMap((e) => (e.type === 'classes' ? [e.counts] : []))
      await until(() => seen().length >= nth)
      return seen()[nth - 1]
    }
    const fresh = await classes(1)
    for (let i = 0; i < 5; i++) await remote.step()
    expect(await classes(6)).not.toEqual(fresh)
    await remote.reset()
    expect(await classes(7)).toEqual(fresh)
  })

  it('steps asked for at once are made one after the other', async () => {
    const { remote, events, listening } = connect()
    await listening
    await remote.open(experimentOf({ ...smallMlp, method: 'snip' }), options)
    await Promise.all([remote.step(), remote.step(), remote.step()])
    expect(events.flatMap((e) => (e.type === 'steps' ? e.steps.map((s) => s.step) : []))).toEqual([1, 2, 3])
    expect(phases(events).filter((phase) => phase === 'scoring')).toHaveLength(1)
  })

  describe.each(['webgpu', 'wasm'] as const)('while weights are scored on %s', (backend) => {
    const scoring = experimentOf({ ...smallMlp, method: 'snip', 'method.batches': 200 })

    it('a pause is not forgotten', async () => {
      const { remote, events, until, listening } = connect()
      await listening
      await remote.open(scoring, { ...options, backend })
      await remote.start()
      await until((e) => e.type === 'phase' && e.phase === 'scoring')
      await remote.pause()
      await until((e) => e.type === 'phase' && e.phase === 'paused')
      expect(phases(events)).not.toContain('finished')
      await remote.start()
      await until((e) => e.type === 'phase' && e.phase === 'finished')
    })

    it('stop ends the scoring; started anew it is done from its beginning', async () => {
      const { remote, events, until, listening } = connect()
      await listening
      await remote.open(scoring, { ...options, backend })
      await remote.start()
      await until((e) => e.type === 'phase' && e.phase === 'scoring')
      await remote.stop()
      await until((e) => e.type === 'phase' && e.phase === 'stopped')
      const [stopped] = events.flatMap((e) => (e.type === 'finished' ? [e.result] : []))
      expect(stopped).toMatchObject({ steps: 0, kept: stopped!.prunable })
      await remote.reset()
      await remote.start()
      await until((e) => e.type === 'phase' && e.phase === 'finished')
      const finished = events.flatMap((e) => (e.type === 'finished' ? [e.result] : [])).at(-1)!
      expect(finished).toMatchObject({ steps: 20, kept: Math.round(0.2 * finished.prunable) })
    })
  })

  describe.each(['webgpu', 'wasm'] as const)('while inputs are measured for a cut on %s', (backend) => {
    const cutting = experimentOf({ ...smallMlp, method: 'sparseGpt', 'method.batches': 64 })
    const measuring = (e: TrainerEvent) => e.type === 'phase' && e.phase === 'scoring' && /batch [2-9]/.test(e.text)

    it('says how far it is; stop ends it at once, and the run is one without that cut', async () => {
      const { remote, events, until, listening } = connect()
      await listening
      await remote.open(cutting, { ...options, backend })
      await remote.start()
      await until(measuring)
      await remote.stop()
      await until((e) => e.type === 'phase' && e.phase === 'stopped')
      const [stopped] = events.flatMap((e) => (e.type === 'finished' ? [e.result] : []))
      expect(stopped).toMatchObject({ steps: 19, kept: stopped!.prunable })
      expect(events.some((e) => e.type === 'phase' && e.text.endsWith('batch 64 of 64'))).toBe(false)
      await remote.reset()
      await remote.start()
      await until((e) => e.type === 'phase' && e.phase === 'finished')
      const last = events.flatMap((e) => (e.type === 'finished' ? [e.result] : [])).at(-1)!
      expect(last).toMatchObject({ steps: 20, kept: last.prunable / 2 })
    })
  })

  it('says where the disk is full, from when on steps would be lost, and when there is room again', async () => {
    const memory = memoryCache()
    let full = false
    const checkpoints: Store = { ...memory, put: (...one) => (full ? Promise.resolve(false) : memory.put(...one)) }
    const { remote, events, until, listening } = connect({ checkpoints, saveEveryMs: 1e9 })
    await listening
    await remote.open(experimentOf({ ...smallMlp, 'training.steps': 20_000 }), { ...options, backend: 'wasm' })
    const saves = () => events.filter((e) => e.type === 'saved' || e.type === 'stale')
    const trainAndPause = async () => {
      const [heard, done] = [events.length, saves().length]
      await remote.start()
      await until((e, i) => i >= heard && e.type === 'steps')
      await remote.pause()
      await vi.waitFor(() => expect(saves().length).toBeGreaterThan(done))
    }
    await trainAndPause()
    full = true
    await trainAndPause()
    await trainAndPause()
    full = false
    await trainAndPause()
    expect(saves().map(({ type }) => type)).toEqual(['saved', 'stale', 'stale', 'saved'])
    const [first, last] = events.flatMap((e) => (e.type === 'saved' ? [e.step] : []))
    expect(notes(events)).toEqual([
      expect.stringMatching(
        new RegExp(`^The browser cannot save this run: .* loses the steps after step ${first}\\.$`),
      ),
      `The browser saves the run again, by now at step ${last}.`,
    ])
  })

  it('says once where nothing can be saved, and trains on', async () => {
    const checkpoints = { ...memoryCache(), put: () => Promise.resolve(false) }
    const { remote, events, until, listening } = connect({ checkpoints, saveEveryMs: 1 })
    await listening
    await remote.open(experimentOf({ ...smallMlp, 'training.steps': 400 }), { ...options, backend: 'wasm' })
    await remote.start()
    await until((e) => e.type === 'phase' && e.phase === 'finished')
    const said = events.flatMap((e) => (e.type === 'note' && e.text.includes('cannot save this run') ? [e.text] : []))
    expect([said.length, events.some((e) => e.type === 'saved')]).toEqual([1, false])
  })

  it('is handed over: saved where it is, and closed', async () => {
    const checkpoints = memoryCache()
    const { remote, events, until, listening } = connect({ checkpoints, saveEveryMs: 1e9 })
    await listening
    await remote.open(experimentOf({ ...smallMlp, 'training.steps': 20_000 }), { ...options, backend: 'wasm' })
    await remote.start()
    await until((e) => e.type === 'steps')
    await remote.handOver()
    await until((e) => e.type === 'phase' && e.phase === 'idle')
    const steps = events.flatMap((e) => (e.type === 'steps' ? e.steps : [])).at(-1)!.step
    expect(events.flatMap((e) => (e.type === 'saved' ? [e.step] : []))).toEqual([steps])
    expect(events.filter((e) => e.type === 'finished')).toEqual([])
    expect([checkpoints.entries.size, await remote.weights('f32')]).toEqual([1, null])
  })

  it.each([
    ['finished', {}],
    ['stopped', { 'training.steps': 20_000 }],
    // Steps without bounds: weights stop being finite.
    ['failed', { 'training.steps': 400, 'training.rate': 1, 'training.optimizer': 'sgd', 'training.clip': 0 }],
  ] as const)('a run that has %s is handed over, and nothing is saved of it', async (how, settings) => {
    const checkpoints = memoryCache()
    const { remote, events, until, listening } = connect({ checkpoints, saveEveryMs: 1e9 })
    await listening
    await remote.open(experimentOf({ ...smallMlp, ...settings }), { ...options, backend: 'wasm' })
    await remote.start()
    await until((e) => e.type === 'steps')
    if (how === 'stopped') await remote.stop()
    await until((e) => e.type === 'phase' && e.phase === how)
    await remote.handOver()
    await until((e) => e.type === 'phase' && e.phase === 'idle')
    expect([events.filter((e) => e.type === 'saved'), checkpoints.entries.size]).toEqual([[], 0])
  })

  const notes = (events: readonly TrainerEvent[]) => events.flatMap((e) => (e.type === 'note' ? [e.text] : []))
  const toldSteps = (events: readonly TrainerEvent[]) =>
    events.filter((e) => e.type === 'opened' || e.type === 'steps').map((e) => (e.type === 'steps' ? e.steps : null))

  it('goes on by itself on a new device, with the numbers of a run that lost none', async () => {
    const experiment = experimentOf({ ...smallMlp, 'training.steps': 200, 'training.evaluateEvery': 10 })
    const finished = async ({ losing }: { losing: boolean }) => {
      const { remote, events, until, listening } = connect({ saveEveryMs: 1 })
      await listening
      await remote.open(experiment, options)
      await remote.start()
      if (losing) {
        await until((e) => e.type === 'evaluation' && e.evaluation.step >= 50)
        for (const device of openDevices()) device.destroy()
      }
      await until((e) => e.type === 'phase' && (e.phase === 'finished' || e.phase === 'failed'))
      return events
    }
    const [whole, events] = [await finished({ losing: false }), await finished({ losing: true })]
    const goesOn = /^The run goes on at step \d+ of 200, where it was saved, on a new device\. The GPU was lost /
    expect(notes(events)).toEqual([expect.stringMatching(goesOn)])
    expect(events.filter((e) => e.type === 'problem')).toEqual([])
    // Until then the page shows why it waits, whatever is compiled.
    const lost = events.findIndex((e) => e.type === 'phase' && e.text === 'The GPU was lost; preparing another one')
    const compiled = events.slice(lost).flatMap((e) => (e.type === 'compiling' ? [e.progress.text] : []))
    expect(new Set(compiled)).toEqual(new Set(['The GPU was lost; preparing another one:']))
    expect(phases(events).slice(3)).toEqual(['running', 'running', 'running', 'finished'])
    // What a listener that begins anew at every opening has heard of the run at its end.
    const heard = (all: readonly TrainerEvent[]) => {
      const told = toldSteps(all)
      return told.slice(told.lastIndexOf(null) + 1).flat()
    }
    expect(heard(events)).toEqual(heard(whole))
    const result = (all: readonly TrainerEvent[]) => all.flatMap((e) => (e.type === 'finished' ? [e.result] : []))[0]!
    const { evaluations, layers, classes, kept, cuts } = result(whole)
    expect(result(events)).toMatchObject({ evaluations, layers, classes, kept, cuts })
  })

  it('goes on where a device is lost while the run is shown first', async () => {
    const { remote, events, until, listening } = connect()
    await listening
    const destroyed = until((e) => {
      const isReady = e.type === 'phase' && e.phase === 'ready'
      if (isReady) for (const device of openDevices()) device.destroy()
      return isReady
    })
    await remote.open(experimentOf({ ...smallMlp, seed: 5 }), options)
    await destroyed
    expect(await remote.inspect(0, 0)).toBeNull()
    await remote.start()
    await until((e) => e.type === 'phase' && (e.phase === 'finished' || e.phase === 'failed'))
    expect(events.filter((e) => e.type === 'problem')).toEqual([])
    expect(notes(events)).toEqual([
      expect.stringMatching(/^The run goes on from its first step, on a new device\. The GPU was lost /),
    ])
  })

  it('goes back to where it was left, when a device is lost before anything was saved again', async () => {
    const checkpoints = memoryCache()
    const experiment = experimentOf({ ...smallMlp, 'training.steps': 400 })
    const left = connect({ checkpoints })
    await left.listening
    await left.remote.open(experiment, options)
    await left.remote.start()
    await left.until((e) => e.type === 'steps')
    await left.remote.pause()
    await left.until((e) => e.type === 'saved')
    const found = connect({ checkpoints, saveEveryMs: 1e9 })
    await found.listening
    await found.remote.open(experiment, { ...options, resume: true })
    await found.remote.start()
    await found.until((e) => e.type === 'steps' && e.steps.length > 0)
    for (const device of openDevices()) device.destroy()
    await found.until((e) => e.type === 'phase' && (e.phase === 'finished' || e.phase === 'failed'))
    expect(notes(found.events)).toEqual([
      expect.stringMatching(/^The run goes on at step \d+ of 400\.$/),
      expect.stringMatching(/^The run goes on at step \d+ of 400, .* on a new device\. The GPU was lost /),
    ])
  })

  it('is kept when it is paused, and goes on in another page, which hears all of it', async () => {
    const checkpoints = memoryCache()
    const experiment = experimentOf({ ...smallMlp, 'training.steps': 400, 'training.evaluateEvery': 10 })
    const stepsOf = (events: readonly TrainerEvent[]) => events.flatMap((e) => (e.type === 'steps' ? e.steps : []))
    const left = connect({ checkpoints })
    await left.listening
    await left.remote.open(experiment, { ...options, backend: 'wasm' })
    await left.remote.start()
    await left.until((e) => e.type === 'steps')
    await left.remote.pause()
    await left.until((e) => e.type === 'saved')
    const before = framesOf(left.events)
    const found = connect({ checkpoints })
    await found.listening
    await found.remote.open(experiment, { ...options, backend: 'wasm', resume: true })
    // The course of the weights up to there comes back with it.
    expect(before.length).toBeGreaterThan(0)
    await vi.waitFor(() => expect(framesOf(found.events)).toEqual(before))
    await found.remote.start()
    await found.until((e) => e.type === 'phase' && e.phase === 'finished')
    await left.remote.start()
    await left.until((e) => e.type === 'phase' && e.phase === 'finished')
    expect(notes(found.events)).toEqual([expect.stringMatching(/^The run goes on at step \d+ of 400\.$/)])
    expect(stepsOf(found.events)).toEqual(stepsOf(left.events))
    const [whole, resumed] = [framesOf(left.events), framesOf(found.events)]
    expect(resumed.filter((frame) => frame.whole)).toEqual([whole[0]])
    const steps = resumed.map(({ step }) => step)
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b))
    const maskOf = (frames: readonly Frame[], { events }: typeof left) => {
      const { matrices } = events.find((e) => e.type === 'opened')!.opened
      return maskAt({ matrices, frames }, frames.length - 1)
    }
    expect(await maskOf(resumed, found)).toEqual(await maskOf(whole, left))
    // It has ended, so nothing is kept of it, and there is nothing to go on with.
    expect(found.events).toContainEqual({ type: 'unsaved', link: toLink(experiment) })
    expect(checkpoints.entries.size).toBe(0)
    await found.remote.open(experiment, { ...options, backend: 'wasm', resume: true })
    await found.until((e) => e.type === 'problem' && e.problem.what === 'The browser did not keep the run.')
    await found.until((e) => e.type === 'phase' && e.phase === 'failed')
  })

  it('uses wasm after three losses', async () => {
    const { remote, events, until, listening } = connect({ saveEveryMs: 1 })
    await listening
    await remote.open(experimentOf({ ...smallMlp, 'training.steps': 20_000 }), options)
    await remote.start()
    for (let losses = 0; losses < 3; losses++) {
      const before = events.length
      await until((e, i) => e.type === 'steps' && i > before)
      for (const device of openDevices()) device.destroy()
      await until(() => notes(events).length > losses)
    }
    expect(notes(events).at(-1)).toMatch(/goes on .+ on wasm, which is slower\. The GPU was lost /)
    await remote.stop()
    await until((e) => e.type === 'phase' && e.phase === 'stopped')
    expect(events.flatMap((e) => (e.type === 'finished' ? [e.result.backend.backend] : []))).toEqual(['wasm'])
  })

  it('a device that refused a command is replaced', async () => {
    const { remote, events, until, listening } = connect()
    await listening
    await remote.open(experimentOf({ ...smallMlp, 'training.steps': 20_000 }), options)
    await remote.start()
    await until((e) => e.type === 'steps')
    const [refusing] = openDevices()
    refusing!.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE })
    await until((e) => e.type === 'phase' && e.phase === 'failed')
    expect(events.flatMap((e) => (e.type === 'problem' ? [e.problem.what] : []))).toEqual([
      expect.stringContaining('The GPU refused a command'),
    ])
    await remote.open(experimentOf(smallMlp), options)
    expect(openDevices()).not.toContain(refusing)
    await remote.start()
    await until((e) => e.type === 'phase' && e.phase === 'finished')
  })
})
