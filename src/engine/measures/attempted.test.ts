import { afterEach, describe, expect, it } from 'vitest'
import type { Answer, Attempt } from '../../core/attempt'
import { makeBatch, type Batch } from '../../data/batches'
import { seen, tried } from '../run/tried'
import { attempted } from './attempted'
import type { Session } from '../run/session'
import { smallBert, smallVit, testSession } from '../testing'

const open: Session[] = []
afterEach(() => {
  for (const session of open.splice(0)) session.dispose()
})

async function trained(settings: Readonly<Record<string, unknown>>, backend: 'webgpu' | 'wasm'): Promise<Session> {
  const { session } = await testSession(settings, backend)
  open.push(session)
  await session.advance(8)
  await session.settle()
  return session
}

async function ask(session: Session, asked: Attempt): Promise<Answer> {
  const { answer, problem } = await tried(session, asked)
  if (!answer) throw new Error(problem?.what)
  return answer
}

/** Probabilities of the classes of one example, worked out apart. */
async function probabilities({ executor, examples, experiment }: Session, fill: (batch: Batch) => void) {
  const batch = makeBatch(examples, experiment.training.batch)
  fill(batch)
  const logits = await executor.evaluate([batch])
  const shares = Array.from(logits.subarray(0, examples.input.classes), Math.exp)
  const sum = shares.reduce((a, b) => a + b, 0)
  return shares.map((share) => share / sum)
}

const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5) as number)

describe.each(['webgpu', 'wasm'] as const)('an example that is put before the model, on %s,', (backend) => {
  it('has the probabilities of its logits, and influence where a patch is made grey', async () => {
    const session = await trained(smallVit, backend)
    const { held, input, normalise } = session.examples
    if (held.task !== 'image' || input.task !== 'image') throw new Error('no images')
    const [height, width] = input.shape
    const size = height * width * 3
    const answer = await ask(session, { kind: 'held', index: 3 })
    const pixels = held.pixels.slice(3 * size, 4 * size)
    const whole = await probabilities(session, (batch) => batch.task === 'image' && batch.pixels.set(pixels))
    expect(answer.probabilities).toEqual(near(whole))
    expect(answer.given).toBe(whole.indexOf(Math.max(...whole)))
    expect([answer.index, answer.right]).toEqual([3, held.labels[3]])
    expect(answer.read).toMatchObject({ kind: 'image', height, width, rgb: pixels })
    // The last patch, hidden by hand.
    const patch = Number(session.experiment.model.values.patch)
    const side = Math.ceil(height / patch)
    expect(answer.influence).toHaveLength(side * side)
    const hidden = pixels.slice()
    for (let y = height - patch; y < height; y++)
      for (let x = width - patch; x < width; x++)
        for (let c = 0; c < 3; c++) hidden[(y * width + x) * 3 + c] = Math.round(255 * normalise!.mean[c]!)
    const without = await probabilities(session, (batch) => batch.task === 'image' && batch.pixels.set(hidden))
    expect(answer.influence.at(-1)).toBeCloseTo(whole[answer.given]! - without[answer.given]!, 5)
  })

  it('counts round the held-out set, and finds the next one that the model gets wrong', async () => {
    const session = await trained(smallVit, backend)
    const { count } = session.examples.held
    expect((await ask(session, { kind: 'held', index: -1 })).index).toBe(count - 1)
    expect((await ask(session, { kind: 'held', index: count })).index).toBe(0)
    const wrong = await ask(session, { kind: 'held', index: 5, wrong: true })
    expect(wrong.given).not.toBe(wrong.right)
    for (let index = 5; index < wrong.index!; index++) {
      const { given, right } = await ask(session, { kind: 'held', index })
      expect(given).toBe(right)
    }
  })

  it('may be a text of the reader, each piece of which is hidden once', async () => {
    const session = await trained(smallBert, backend)
    const { vocabulary, input } = session.examples
    if (input.task !== 'text') throw new Error('no texts')
    const word = vocabulary!.find((piece) => /^[a-z]{3,}$/.test(piece))!
    const answer = await ask(session, { kind: 'text', text: `${word} xqzv ${word}` })
    expect([answer.index, answer.right]).toEqual([null, null])
    expect(answer.read).toEqual({ kind: 'text', pairs: false, pieces: ['[CLS]', word, '[UNK]', word, '[SEP]'] })
    const ids = [2, vocabulary!.indexOf(word), 1, vocabulary!.indexOf(word), 3]
    const whole = await probabilities(session, (batch) => batch.task === 'text' && batch.ids.set(ids))
    expect(answer.probabilities).toEqual(near(whole))
    ids[3] = 1
    const without = await probabilities(session, (batch) => batch.task === 'text' && batch.ids.set(ids))
    const { influence, given } = answer
    // What is unknown already loses nothing when it is hidden.
    expect(influence).toEqual(near([0, influence[1]!, 0, whole[given]! - without[given]!, 0]))
  })
})

it('may be two texts, where the model reads pairs', async () => {
  const { executor, examples, experiment } = await trained(smallBert, 'wasm')
  if (examples.input.task !== 'text') throw new Error('no texts')
  const words = examples.vocabulary!.filter((piece) => /^[a-z]{3,}$/.test(piece))
  const [a = '', b = ''] = words
  const pairs = { ...examples, input: { ...examples.input, pairs: true as const } }
  const subject = { executor, examples: pairs, size: experiment.training.batch, patch: undefined }
  const { answer } = await attempted(subject, { kind: 'text', text: a, second: b })
  expect(answer?.read).toEqual({ kind: 'text', pairs: true, pieces: ['[CLS]', a, '[SEP]', b, '[SEP]'] })
  expect(answer?.influence.map((influence) => influence !== 0)).toEqual([false, true, false, true, false])
})

describe('what cannot be put before the model', () => {
  it('is told: another kind, another size, nothing at all', async () => {
    const [images, texts] = [await trained(smallVit, 'wasm'), await trained(smallBert, 'wasm')]
    const problem = async (session: Session, asked: Attempt) => (await tried(session, asked)).problem?.what
    expect(await problem(images, { kind: 'text', text: 'a' })).toBe('The model of this run reads no text.')
    expect(await problem(texts, { kind: 'image', rgb: new Uint8Array(3) })).toBe(
      'The model of this run reads no image.',
    )
    expect(await problem(images, { kind: 'image', rgb: new Uint8Array(3) })).toMatch(/^The picture has 3 bytes/)
    expect(await problem(texts, { kind: 'text', text: ' ' })).toBe('There is no text to read.')
  })
})

describe.each(['webgpu', 'wasm'] as const)('before its first cut, on %s, a model', (backend) => {
  const once = { ...smallVit, method: 'magnitude', 'method.schedule': 'once', 'method.at': 0.5 }

  it('answered what the dense model answers at that step; the run goes on as if nobody had asked', async () => {
    const { session } = await testSession(once, backend)
    const { session: alone } = await testSession(once, backend)
    const { session: dense } = await testSession({ ...smallVit, method: 'dense' }, backend)
    open.push(session, alone, dense)
    await session.run(new AbortController().signal)
    const cutAt = session.cuts[0]!.step
    await dense.advance(cutAt)
    await dense.settle()
    session.reset()
    while (session.step < cutAt + 2) await session.advance(1)
    await session.settle()
    const before = await session.executor.weights().then((found) => found.slice())
    const told = await tried(session, { kind: 'held', index: 3, further: 0.97 })
    expect(told.further!.probabilities).not.toEqual(told.answer!.probabilities)
    expect(told.before!.probabilities).toEqual(near((await ask(dense, { kind: 'held', index: 3 })).probabilities))
    expect(told.before!.probabilities).not.toEqual(told.answer!.probabilities)
    expect(await session.executor.weights()).toEqual(before)
    while (!session.finished) await session.advance(1)
    await alone.run(new AbortController().signal)
    await session.settle()
    expect(session.metrics).toEqual(alone.metrics)
    expect(await session.executor.weights()).toEqual(await alone.executor.weights())
    expect(await session.executor.mask()).toEqual(await alone.executor.mask())
  })

  it('is not known before training, nor where the mask hides weights that keep their values', async () => {
    for (const settings of [
      { ...smallVit, method: 'snip', 'method.batches': 1 },
      { ...smallVit, method: 'movement', 'method.begin': 0.3 },
    ]) {
      const { session } = await testSession(settings, backend)
      open.push(session)
      await session.run(new AbortController().signal)
      expect((await tried(session, { kind: 'held', index: 0 })).before).toBeUndefined()
    }
  })
})

describe('held-out examples for the eye', () => {
  it('are their pixels and texts, while the run trains, too', async () => {
    const [images, texts] = [await trained(smallVit, 'wasm'), await trained(smallBert, 'wasm')]
    if (images.examples.held.task !== 'image' || texts.examples.held.task !== 'text') throw new Error('other tasks')
    expect(seen(images, [5, 0])).toEqual(
      [5, 0].map((index) => ({
        kind: 'image',
        height: 8,
        width: 8,
        rgb: (images.examples.held as { pixels: Uint8Array }).pixels.slice(192 * index, 192 * (index + 1)),
      })),
    )
    expect(seen(texts, [2])).toEqual([{ kind: 'text', text: texts.examples.held.texts[2] }])
  })
})
