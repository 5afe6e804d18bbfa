import { expect, it } from 'vitest'
import { testSession, smallMlp } from '../testing'

it('the rate rises over a share of the run, which stands in the place of the steps of warm-up', async () => {
  const settings = { ...smallMlp, method: 'dense', 'training.schedule': 'linear', 'training.rate': 0.01 }
  const { session, events } = await testSession({ ...settings, 'training.warmupShare': 0.19 }, 'cpu')
  await session.advance(20)
  await session.settle()
  session.dispose()
  const rates = events.flatMap((event) => (event.type === 'steps' ? event.steps.map(({ rate }) => rate) : []))
  // 0.19 of 20 steps are 3.8, so 4; then 16 steps of a straight line to 0.
  expect(rates.slice(0, 6).map((rate) => +rate.toFixed(8))).toEqual([0.0025, 0.005, 0.0075, 0.01, 0.01, 0.009375])
  expect(rates).toHaveLength(20)
})

it('7 % of 100 steps are 7 steps of warm-up, though 0.07 * 100 is a little more in doubles', async () => {
  const settings = { ...smallMlp, method: 'dense', 'training.steps': 100, 'training.rate': 0.01 }
  const { session, events } = await testSession({ ...settings, 'training.warmupShare': 0.07 }, 'cpu')
  await session.advance(8)
  await session.settle()
  session.dispose()
  const rates = events.flatMap((event) => (event.type === 'steps' ? event.steps.map(({ rate }) => rate) : []))
  expect(rates.slice(5, 8).map((rate) => +(rate * 700).toFixed(6))).toEqual([6, 7, 7])
})
