import { expect, test } from 'vitest'
import { burst, Bursts } from './bursts'
import type { Drained } from '../executor/executor'

const steps = (...numbers: number[]): Drained => ({
  haltedAt: null,
  steps: numbers.map((step) => ({ step, loss: 1, gradientNorm: 1 })),
})

/** Bursts under a clock that is set by hand. */
function setUp() {
  const clock = { now: 0 }
  const bursts = new Bursts(() => clock.now)
  const add = (begun: number) => {
    let land: (drained: Drained) => void = () => undefined
    const drained = new Promise<Drained>((resolve) => {
      land = resolve
    })
    bursts.add(begun, drained)
    return async (at: number, value: Drained) => {
      clock.now = at
      land(value)
      await drained
    }
  }
  return { clock, bursts, add }
}

test('bursts come back in order, and time that they share counts once', async () => {
  const { bursts, add } = setUp()
  const [first, second] = [add(0), add(10)]
  await first(50, steps(0, 1))
  await second(90, steps(2))
  expect(bursts.count).toBe(2)
  expect(await bursts.next()).toEqual(steps(0, 1))
  expect(await bursts.next()).toEqual(steps(2))
  // 0 to 50, then 50 to 90: the second began at 10, while the device was busy with the first.
  expect(bursts.milliseconds).toBe(90)
  expect(bursts.count).toBe(0)
})

test('a pause between bursts and work on something else are not counted', async () => {
  const { bursts, add, clock } = setUp()
  await add(0)(30, steps(0))
  await bursts.next()
  const second = add(100)
  await second(120, steps(1))
  await bursts.next()
  clock.now = 130
  const look = bursts.aside(() =>
    Promise.resolve().then(() => {
      clock.now = 170
    }),
  )
  const third = add(130)
  expect(await look).toBe(40)
  await third(190, steps(2))
  await bursts.next()
  // 30 + (120 - 100) + (190 - 170): the device spent 130 to 170 on the look, which came before the third burst.
  expect(bursts.milliseconds).toBe(70)
})

test('a read that waits for the steps before it is charged for its own time alone', async () => {
  const { bursts, add, clock } = setUp()
  const land = add(0)
  const look = bursts.aside(async () => {
    await land(40, steps(0))
    clock.now = 60
  })
  expect(await look).toBe(20)
  await bursts.next()
  expect(bursts.milliseconds).toBe(40)
})

test('a read that does not wait costs nothing that could be measured', async () => {
  const { bursts, add, clock } = setUp()
  const land = add(0)
  clock.now = 5
  expect(await bursts.aside(() => Promise.resolve())).toBe(0)
  await land(40, steps(0))
  await bursts.next()
  expect(bursts.milliseconds).toBe(40)
})

test('a failure gives up what came after it', async () => {
  const { bursts, add } = setUp()
  bursts.add(0, Promise.reject(new Error('The device is gone.')))
  add(1)
  await expect(bursts.next()).rejects.toThrow('The device is gone.')
  expect(bursts.count).toBe(0)
  expect(await bursts.next()).toEqual(steps())
})

test('a burst is a twentieth of a second of steps, at least one and at most 64', () => {
  expect([burst(0), burst(1000), burst(25), burst(0.1)]).toEqual([1, 1, 2, 64])
})
