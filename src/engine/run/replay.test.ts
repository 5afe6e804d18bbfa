import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { methods } from '../../config/registries'
import { defaults } from '../../core/knob'
import type { CpuArena } from '../twin/cpuArena'
import type { CpuCutter } from '../twin/cpuCutter'
import type { Executor } from '../executor/executor'
import { replay, type RecordedStep, type Recording } from './replay'
import type { Session } from './session'
import { smallMlp, smallVit, testSession, untilTheEnd } from '../testing'

let open: Session | undefined
afterEach(() => {
  open?.dispose()
  open = undefined
})

interface Recorded {
  readonly recording: Recording
  readonly steps: RecordedStep[]
  readonly masks: Uint32Array[]
}

/** Runs a session on the CPU, and writes down what a replay needs and the mask after every step. */
async function record(session: Session): Promise<Recorded> {
  const executor = session.executor as Executor & { readonly arena: CpuArena; readonly cutter: CpuCutter }
  const { arena, cutter } = executor
  const steps: RecordedStep[] = []
  const masks: Uint32Array[] = []
  const initial = await executor.weights()
  const beforeCut: Float32Array[] = []
  let within = false
  const cut = cutter.cut.bind(cutter)
  cutter.cut = (...args) => {
    beforeCut.push(arena.weights.slice())
    cut(...args)
    // Where the model is measured around a cut, that is made after the step.
    if (!within && masks.length > 0) masks[masks.length - 1] = arena.mask.slice()
  }
  for (const name of ['train', 'observe'] as const) {
    const work = executor[name].bind(executor)
    executor[name] = (batch, inputs, event) => {
      beforeCut.length = 0
      within = true
      work(batch, inputs, event)
      within = false
      const weights = beforeCut[0] ?? arena.weights.slice()
      steps.push({ weights, grads: arena.grads.slice(), curvature: arena.curvature.slice(), rate: inputs.rate })
      masks.push(arena.mask.slice())
    }
  }
  const bend = executor.bend.bind(executor)
  executor.bend = (batch, inputs, difference, event) => {
    bend(batch, inputs, difference, event)
    // Where a second look at the batches cuts, the recording has what it found beside the gradients of the first.
    steps[inputs.step] = { ...steps[inputs.step]!, curvature: arena.curvature.slice() }
    masks[inputs.step] = arena.mask.slice()
  }
  await session.run(untilTheEnd)
  return {
    recording: { experiment: session.experiment, layout: executor.layout, initial, steps: steps.length },
    steps,
    masks,
  }
}

/** An MLP has no heads and neurons to choose among or to cut whole, and no stripes of 16 inputs. */
function modelFor(id: string) {
  const method = methods[id]!
  return method.units || method.granularity ? { ...smallVit, 'model.width': 16, 'model.depth': 1 } : smallMlp
}

/** Methods that cut in a way of their own. */
const refused = Object.keys(methods).filter(
  (id) => methods[id]!.cut !== undefined || methods[id]!.plan(defaults(methods[id]!.knobs), 20).calibration,
)

/** Every other method as it comes, and what its defaults leave out. */
const cases: [name: string, settings: Readonly<Record<string, unknown>>][] = [
  ...Object.entries(methods)
    .filter(([id]) => !refused.includes(id))
    .map(([method, { knobs }]): [string, Record<string, unknown>] => [
      method,
      { method, ...(knobs.batches ? { 'method.batches': 8 } : {}) },
    ]),
  ['lottery with a shuffled mask', { method: 'lottery', 'method.control': 'shuffled' }],
]

it('names in docs/replay.md whatever it refuses', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/replay.md'), 'utf8')
  const named = /are refused: ([^.]*)\./.exec(page)?.[1]?.split(/,\s+/)
  expect(named?.sort()).toEqual(refused.map((id) => methods[id]!.label).sort())
})

it.each(refused)('%s: says that replay does not run its cut', async (method) => {
  const { session } = await testSession({ ...modelFor(method), method }, 'wasm')
  open = session
  const { recording, steps } = await record(session)
  expect(() => [...replay(recording, steps)]).toThrow(
    `${methods[method]!.label} cuts in a way of its own, which replay does not run.`,
  )
})

describe.each(cases)('%s: a replay of a run', (_name, settings) => {
  it('makes the same masks, bit for bit, from weights and gradients alone', async () => {
    const { session } = await testSession({ ...modelFor(String(settings.method)), ...settings }, 'wasm')
    open = session
    const { recording, steps, masks } = await record(session)
    const { layout, experiment } = recording
    expect(steps.length).toBe(20 + session.pruner.plan.scoringBatches)
    const replayed = [...replay(recording, steps)]
    masks.forEach((mask, step) => {
      const expected = Array.from({ length: layout.prunableLength }, (_, i) => (mask[i >>> 5]! >>> (i & 31)) & 1)
      expect([...replayed[step]!.mask], `step ${step}`).toEqual(expected)
    })
    const changes = replayed.some(({ event }) => event) || session.pruner.plan.initial !== undefined
    expect(changes).toBe(methods[experiment.method.id]!.target(experiment.method.values) > 0)
  })
})
