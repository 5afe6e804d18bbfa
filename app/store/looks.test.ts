import { expect, test } from 'vitest'
import { handTrainer } from '../testing/handTrainer'
import { handShelf } from '../testing/shelf'
import { createApp } from './app'

const visit = (shelf = handShelf()) => {
  const { store, actions } = createApp({ connect: handTrainer, shelf, now: () => 0, random: () => 0, search: '' })
  return { actions, ui: () => store.getState().ui }
}

test('a look that a lesson waits for is noted when it is taken, not before it was asked for', () => {
  const { actions, ui } = visit()
  actions.setUi({ lesson: 'speed', tab: 'cost' })
  expect(ui().look).toBeNull()
  actions.setUi({ tab: 'learn', look: 'asked' })
  actions.setUi({ tab: 'inside' })
  expect(ui().look).toBe('asked')
  actions.setUi({ tab: 'cost' })
  expect(ui().look).toBe('taken')
})

test('a weight that is followed, and a moment that is gone back to, are looks', () => {
  const { actions, ui } = visit()
  actions.setUi({ lesson: 'batches', look: 'asked' })
  actions.lookBack(3)
  expect(ui().look).toBe('taken')
  actions.setUi({ lesson: 'mask', look: 'asked' })
  expect(ui().look).toBe('asked')
  actions.point({ followed: { index: 3, importance: 1, peak: 1, spread: 0, class: 'ordinary', cut: false } })
  expect(ui().look).toBe('taken')
})

test.each([
  ['{"mask":"most","speed":7,"other":"x"}', { mask: 'most' }],
  ['[]', {}],
  ['{', {}],
])('predictions outlive a visit; of %s that is stored, %j is read', (stored, read) => {
  const shelf = handShelf()
  visit(shelf).actions.setUi({ guesses: { bets: 'platon' } })
  expect(visit(shelf).ui().guesses).toEqual({ bets: 'platon' })
  shelf.setItem('pruning-playground/guesses', stored)
  expect(visit(shelf).ui().guesses).toEqual(read)
})
