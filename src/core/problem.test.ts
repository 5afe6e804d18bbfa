import { describe, expect, it } from 'vitest'
import { Problem } from './problem'

describe('Problem', () => {
  it('crosses a worker boundary as plain data', () => {
    const sent: unknown = structuredClone(new Problem('The rate was 0.', 'Choose a larger one.').toJSON())
    expect(Problem.from(sent)).toMatchObject({
      what: 'The rate was 0.',
      fix: 'Choose a larger one.',
      message: 'The rate was 0. Choose a larger one.',
    })
  })

  it('says that it is about data on the other side, too', () => {
    const sent: unknown = structuredClone(new Problem('No file.', 'Give one.', { about: 'data' }).toJSON())
    expect(Problem.from(sent).about).toBe('data')
    expect(new Problem('a', 'b').toJSON()).toEqual({ what: 'a', fix: 'b' })
  })

  it('keeps the message and the cause of whatever else was thrown', () => {
    const cause = new TypeError('x is not a function')
    expect(Problem.from(cause).what).toContain('x is not a function')
    expect(Problem.from(cause).cause).toBe(cause)
    expect(Problem.from('just text').what).toContain('just text')
    expect(Problem.from(undefined).fix).not.toBe('')
  })

  it('is passed through unchanged', () => {
    const problem = new Problem('a', 'b')
    expect(Problem.from(problem)).toBe(problem)
  })
})
