import { beforeAll, describe, expect, it } from 'vitest'
import type { Nn, UnitSite } from '../core/model'
import { RandomStream } from '../core/random'
import { BoundedAdam } from '../engine/cuts/controlGates'
import type { ArenaBackend } from './backend'
import { mixedGradient } from './mixedGates'
import { composedNn } from './ops'
import { testBackend } from './ops/testing'
import { tf, type Tensor } from './tfjs'

let backend: ArenaBackend
let nn: Nn
beforeAll(async () => {
  backend = await testBackend()
  await backend.activate()
  nn = composedNn({ dropoutRate: 0, random: tf.tensor1d([0, 0], 'int32'), training: false })
})

/** The first half of a tensor's examples. */
const real = (x: Tensor) => x.slice(0, x.shape[0] / 2)

describe('the gradient by gates that mix', () => {
  it("of one unit is (A - A~) times the gradient by A'", async () => {
    // A = 3, A~ = 1, b = 0.75: A' = 0.75 * 3 + 0.25 * 1 = 2.5. With (A' - 2)^2: 2 * 0.5 * (3 - 1) = 2.
    const site: UnitSite = { kind: 'neuron', layer: 'a', count: 1, width: 1 }
    const x = tf.tensor([3, 1], [2, 1])
    const slope = mixedGradient(nn, [site], tf.tensor1d([0.75]), (mixing) =>
      real(mixing.units(x, site, x))
        .sub(2)
        .square()
        .sum(),
    )
    expect([...(await slope.data())]).toEqual([2])
  })

  it("adds up over tokens and a unit's numbers, layer behind layer, and leaves the controls as they are", async () => {
    const sites: readonly UnitSite[] = [
      { kind: 'head', layer: 'a', count: 2, width: 4 },
      { kind: 'neuron', layer: 'b', count: 3, width: 4 },
    ]
    // One image of two tokens, one control of two tokens; heads of two numbers. The gradient by A' is 1 everywhere.
    const heads = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 0, 1, 1, 0, 1, 0], [2, 2, 4])
    const neurons = tf.tensor([1, 2, 3, -4, 5, 6], [2, 3])
    const seen: Tensor[] = []
    const slope = mixedGradient(nn, sites, tf.tensor1d([0.5, 0.5, 1, 0, 0.5]), (mixing) => {
      const mixed = mixing.units(neurons, sites[1]!, neurons)
      seen.push(tf.keep(mixed.clone()))
      return real(mixing.units(heads, sites[0]!, heads))
        .sum()
        .add(real(mixed).sum())
    })
    // Head 1: (1 - 0) + (2 - 1) + (5 - 1) + (6 - 0) = 12. Head 2: (3 - 0) + (4 - 1) + (7 - 1) + (8 - 0) = 20. Neurons:
    // 1 + 4, 2 - 5, 3 - 6.
    expect([...(await slope.data())]).toEqual([12, 20, 5, -3, -3])
    // b = 1 takes the image's, 0 the control's, 1/2 the mean of 3 and 6.
    expect([...(await seen[0]!.data())]).toEqual([1, 5, 4.5, -4, 5, 6])
  })
})

it('a unit that knows the answer gets a larger gate than one of noise, whose two images look the same', async () => {
  const lot = new RandomStream(5, 1)
  const site: UnitSite = { kind: 'neuron', layer: 'a', count: 2, width: 2 }
  const adam = new BoundedAdam(2, 0.004)
  const count = 64
  for (let step = 0; step < 60; step++) {
    const answers = Array.from({ length: count }, () => (lot.next() < 0.5 ? -1 : 1))
    const controls = Array.from({ length: count }, () => [lot.normal(), lot.normal()])
    const x = tf.tensor([...answers.map((y) => [y, lot.normal()]), ...controls].flat(), [2 * count, 2])
    const wanted = tf.tensor1d(answers)
    const slope = mixedGradient(nn, [site], tf.tensor1d(adam.numbers.slice()), (mixing) =>
      real(mixing.units(x, site, x))
        .sum(1)
        .sub(wanted)
        .square()
        .mean(),
    )
    adam.move((await slope.data()) as Float32Array)
    tf.dispose([x, wanted, slope])
  }
  const [knowing = 0, noise = 0] = adam.numbers
  // By hand, the loss is (b - 1)^2 + (1 - b)^2 for the first, with its best at 1, and b^2 + (1 - b)^2 for the second,
  // with its best at 1/2.
  expect(knowing).toBeGreaterThan(0.65)
  expect(Math.abs(noise - 0.5)).toBeLessThan(0.05)
})
