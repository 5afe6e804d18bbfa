import { afterEach, describe, expect, it } from 'vitest'
import { methods } from '../../config/registries'
import { oneOfEachKind, quick } from '../../config/testing'
import type { BackendChoice } from '../../core/trainer'
import { problemOf } from '../../gpu/testing'
import type { Checkpoint } from './checkpoint'
import { checkpointFile, readCheckpoint } from './checkpointFile'
import type { Session } from './session'
import { smallMlp, smallVit, testSession, untilTheEnd, type TestSession } from '../testing'

type Settings = Readonly<Record<string, unknown>>

const sessions: Session[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose()
})

/** A session that is freed after the test, however that ends. */
async function open(settings: Settings, backend?: BackendChoice): Promise<TestSession> {
  const opened = await testSession(settings, backend)
  sessions.push(opened.session)
  return opened
}

/** Few steps, and every moment of a plan among them. */
const short = { 'training.steps': 12, 'training.warmup': 1, 'training.evaluateEvery': 5, 'training.dropout': 0.1 }

/** The method with mask changes early and often, so that much happens after them. */
function eventful(method: string): Settings {
  const knobs = methods[method]?.knobs ?? {}
  return {
    ...quick(method),
    ...(knobs.every ? { 'method.every': 3 } : {}),
    ...(knobs.at ? { 'method.at': 0.5 } : {}),
  }
}

/** Trains until `step` steps are done, one at a time, so that the number of steps in a burst is the same for all. */
async function trainTo(session: Session, step: number): Promise<void> {
  while (session.step < step) {
    await session.advance(1)
    await session.settle()
  }
}

/** A checkpoint of the session as it is read from a file. */
async function saved(session: Session): Promise<Checkpoint> {
  const copied = await session.copy()
  return readCheckpoint(await checkpointFile(await copied!.read()), 'test')
}

/** Everything that a run gives at its end, apart from the time that it took. */
async function everything(session: Session) {
  const result = { ...(await session.result()), seconds: null, msPerStep: null }
  const { executor, parts } = await (await session.copy())!.read()
  return {
    result,
    metrics: session.metrics,
    weights: await session.tensors(),
    visited: await session.executor.visited(),
    executor,
    parts: { ...parts, bursts: null },
  }
}

/** Steps between which a plan does something: after its first change in training, and in the middle of them. */
function momentsOf({ pruner: { plan }, experiment }: Session): [number, number] {
  const { steps } = experiment.training
  const changes = Array.from({ length: steps }, (_, step) => step).filter((step) => plan.training(step) !== undefined)
  const first = Math.min((changes[0] ?? 2) + 1, steps - 2)
  return [first, Math.max(first + 1, Math.min((changes[Math.floor(changes.length / 2)] ?? 5) + 2, steps - 1))]
}

/** A run that goes through, and the same in three sessions, each going on where the one before was ended. */
async function expectSameAfterKills(settings: Settings, backend: BackendChoice): Promise<void> {
  const { session: whole } = await open(settings, backend)
  const [first, second] = momentsOf(whole)
  await trainTo(whole, first)
  let checkpoint = await saved(whole)
  await trainTo(whole, whole.experiment.training.steps)
  const right = await everything(whole)
  for (const step of [second, whole.experiment.training.steps]) {
    const { session } = await open(settings, backend)
    session.goOn(checkpoint)
    await trainTo(session, step)
    if (session.finished) expect(await everything(session)).toEqual(right)
    else checkpoint = await saved(session)
  }
}

describe('a run that was killed twice gives what an undisturbed one gives, to the bit', () => {
  it.each(Object.keys(methods))('wasm: %s', async (method) => {
    await expectSameAfterKills({ ...smallVit, ...short, ...eventful(method) }, 'wasm')
  })

  it.each([...oneOfEachKind, 'lottery', 'rigl', 'softMovement', 'hydra', 'edgePopup'])('WebGPU: %s', async (method) => {
    const rows = method === 'structured' ? { 'method.unit': 'row' } : {}
    await expectSameAfterKills({ ...smallMlp, ...short, ...eventful(method), ...rows }, 'webgpu')
  })

  const attack = { 'training.attack': 'train', 'training.attackStart': true, 'training.weightBits': '8' }
  it.each(['wasm', 'webgpu'] as const)('%s: SGD on int8 weights at attacked images', async (backend) => {
    await expectSameAfterKills({ ...smallMlp, ...short, ...attack, 'training.optimizer': 'sgd' }, backend)
  })
})

describe('a checkpoint', () => {
  it('is null before the first step, and disturbs nothing where steps go on while it is read', async () => {
    const settings = { ...smallMlp, ...short }
    const undisturbed = (await open(settings)).session
    await undisturbed.run(untilTheEnd)
    const { session } = await open(settings)
    expect(await session.copy()).toBeNull()
    await trainTo(session, 6)
    const copied = await session.copy()
    await session.run(untilTheEnd)
    expect(await session.executor.weights()).toEqual(await undisturbed.executor.weights())
    const checkpoint = await copied!.read()
    expect(checkpoint.step).toBe(6)
    session.goOn(checkpoint)
    await session.run(untilTheEnd)
    expect(await session.executor.weights()).toEqual(await undisturbed.executor.weights())
  })

  it('can be continued on another backend, with a note', async () => {
    const settings = { ...smallMlp, ...short }
    const { session: first } = await open(settings, 'webgpu')
    await trainTo(first, 6)
    const checkpoint = await saved(first)
    const { session, events } = await open(settings, 'wasm')
    session.goOn(checkpoint)
    expect(events.at(-1)).toMatchObject({ type: 'note', text: expect.stringContaining('at step 6 of 12') as unknown })
    expect(events.at(-1)).toMatchObject({ text: expect.stringContaining('now on wasm (SIMD)') as unknown })
    const [after, right] = [await session.run(untilTheEnd), await first.run(untilTheEnd)]
    expect(after.kept).toBe(right.kept)
    expect(session.metrics.at(-1)!.loss).toBeCloseTo(first.metrics.at(-1)!.loss, 3)
  })

  it('is refused by another run, and by a model of another size', async () => {
    const { session } = await open({ ...smallMlp, ...short }, 'wasm')
    await trainTo(session, 3)
    const checkpoint = await saved(session)
    const other = (await open({ ...smallMlp, ...short, seed: 2 }, 'wasm')).session
    const refusal = await problemOf(Promise.resolve().then(() => other.goOn(checkpoint)))
    expect(refusal.what).toContain(`this is run ${other.opened.runId}`)
    const { arrays, ...counters } = checkpoint.executor
    const executor = { ...counters, arrays: { ...arrays, moment2: new Float32Array(4) } }
    const misfit = await problemOf(Promise.resolve().then(() => session.goOn({ ...checkpoint, executor })))
    expect(misfit.what).toContain('16 bytes of "moment2"')
  })
})
