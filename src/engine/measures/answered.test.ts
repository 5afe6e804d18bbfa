import { afterEach, describe, expect, it } from 'vitest'
import { classBits, sureBits, unpacked, type PackedAnswers, type RunAnswers } from '../../core/answers'
import type { Session } from '../run/session'
import { smallBert, smallVit, testSession, untilTheEnd } from '../testing'
import { heldLogits } from './heldLogits'
import { highest } from './quality'

let open: Session[] = []
afterEach(() => {
  for (const session of open) session.dispose()
  open = []
})

async function opened(settings: Readonly<Record<string, unknown>>, backend: 'webgpu' | 'wasm' = 'wasm') {
  const { session } = await testSession(settings, backend)
  open.push(session)
  return session
}

const once = { method: 'magnitude', 'method.schedule': 'once', 'method.at': 0.5 }

function givenIn({ classes, count }: RunAnswers, { given }: PackedAnswers) {
  return unpacked(given, classBits(classes.length), count)
}

describe('what a run answered', () => {
  it.each(['webgpu', 'wasm'] as const)('is what its final model answers, and its accuracy (%s)', async (backend) => {
    const session = await opened({ ...smallVit, ...once }, backend)
    const { answers, evaluations, held } = await session.run(untilTheEnd)
    const { classes, labels } = { classes: session.examples.input.classes, labels: session.examples.held.labels }
    const logits = await heldLogits(session.executor, session.examples, 8)
    const given = givenIn(answers!, answers!.end)
    const sure = unpacked(answers!.end.sure, sureBits, held)
    expect(unpacked(answers!.right, classBits(classes), held)).toEqual(labels)
    for (let i = 0; i < held; i++) {
      const row = [...logits.subarray(i * classes, (i + 1) * classes)]
      expect(given[i]).toBe(highest(row))
      const sum = row.reduce((total, logit) => total + Math.exp(logit), 0)
      expect(sure[i]! / 127).toBeCloseTo(Math.exp(row[given[i]!]!) / sum, 2)
    }
    const right = given.filter((one, i) => one === labels[i]).length
    expect(right / held).toBe(evaluations.at(-1)!.accuracy)
    expect(answers!.classes).toEqual(session.examples.classes)
  })

  it('is known right before the first mask change: as of a dense run at that step', async () => {
    const pruned = await (await opened({ ...smallBert, ...once })).run(untilTheEnd)
    const { step, before } = pruned.cuts![0]!
    const dense = await opened({ ...smallBert, method: 'dense' })
    await dense.advance(step)
    await dense.settle()
    const logits = await heldLogits(dense.executor, dense.examples, 8)
    const found = givenIn(pruned.answers!, pruned.answers!.before!)
    const { labels } = dense.examples.held
    expect([...found]).toEqual([...labels].map((_, i) => highest(logits.subarray(2 * i, 2 * i + 2))))
    expect(found.filter((one, i) => one === labels[i]).length / labels.length).toBe(before.accuracy)
  })

  it('is not known before training, nor of a cut that nobody watches, nor before the end', async () => {
    const early = await (await opened({ ...smallVit, method: 'snip', 'method.batches': 1 })).run(untilTheEnd)
    expect([early.answers!.before, early.cuts!.length]).toEqual([undefined, 1])
    const session = await opened({ ...smallVit, ...once, 'training.watchedCuts': 0 })
    expect((await session.run(untilTheEnd)).answers!.before).toBeUndefined()
    session.reset()
    await session.advance(3)
    expect((await session.result()).answers).toBeUndefined()
  })

  it('goes with a checkpoint, and is absent in one of a version that kept none', async () => {
    const whole = await opened({ ...smallVit, ...once })
    while (whole.step < 15) await whole.advance(1)
    const checkpoint = await (await whole.copy())!.read()
    const { answers } = await whole.run(untilTheEnd)
    const [other, old] = [await opened({ ...smallVit, ...once }), await opened({ ...smallVit, ...once })]
    other.goOn(checkpoint)
    expect((await other.run(untilTheEnd)).answers).toEqual(answers)
    const { answered: _answered, ...parts } = checkpoint.parts
    old.goOn({ ...checkpoint, parts })
    const { before: _before, ...rest } = answers!
    expect((await old.run(untilTheEnd)).answers).toEqual(rest)
  })
})
