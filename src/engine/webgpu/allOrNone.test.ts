import { expect, it } from 'vitest'
import { allOrNone } from './allOrNone'

const later = <T>(value: T) =>
  new Promise<T>((resolve) => {
    setTimeout(() => {
      resolve(value)
    }, 5)
  })

it('answers all parts in their order', async () => {
  expect(await allOrNone([later(1), Promise.resolve('two')])).toEqual([1, 'two'])
})

it('frees the other parts when one fails, those that are done later too', async () => {
  const freed: string[] = []
  const part = (name: string) => ({
    dispose: () => {
      freed.push(name)
    },
  })
  const opening = allOrNone([
    Promise.resolve(part('a')),
    Promise.reject(new Error('no room')),
    later(part('b')),
    later([]),
  ])
  await expect(opening).rejects.toThrow('no room')
  expect(freed).toEqual(['a', 'b'])
})
