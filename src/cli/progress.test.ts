import { describe, expect, it } from 'vitest'
import type { TrainerEvent } from '../core/trainer'
import { duration, progressOn } from './progress'
import { screenOn } from './screen'

function screen(terminal: boolean) {
  const state = { now: 0, text: '' }
  return {
    state,
    screen: screenOn(
      {
        isTTY: terminal,
        columns: 100,
        write: (text) => {
          state.text += text
        },
      },
      () => state.now,
    ),
  }
}

const step = (n: number): TrainerEvent => ({
  type: 'steps',
  steps: [{ step: n, loss: 0.5, gradientNorm: 1, rate: 0.001, sparsity: 0.25 }],
  msPerStep: 12,
  secondsLeft: 61,
})

describe('progressOn', () => {
  it('redraws one line on a terminal', () => {
    const { state, screen: s } = screen(true)
    const progress = progressOn(s, 48)
    progress.show(step(24))
    state.now = 200
    progress.show(step(48))
    progress.end()
    expect(state.text).toBe(
      `\r\x1b[K[${'#'.repeat(12)}${'.'.repeat(12)}] 24/48  loss 0.500  sparsity 25.0 %  12.0 ms/step  1 min 1 s left`
        + `\r\x1b[K[${'#'.repeat(24)}] 48/48  loss 0.500  sparsity 25.0 %  12.0 ms/step  1 min 1 s left\n`,
    )
  })

  it('writes a line every five seconds to a log, and the last step always', () => {
    const { state, screen: s } = screen(false)
    const progress = progressOn(s, 100)
    for (let n = 1; n <= 100; n++) {
      state.now = n * 100
      progress.show(step(n))
    }
    // 10 s in all: steps 1, 51 (5 s later) and the last.
    expect(state.text.match(/\d+\/100/g)).toEqual(['1/100', '51/100', '100/100'])
    expect(state.text).not.toContain('\r')
  })

  it('keeps evaluations', () => {
    const { state, screen: s } = screen(false)
    progressOn(s, 9).show({
      type: 'evaluation',
      evaluation: { step: 9, moment: 'end', accuracy: 0.456, loss: 1.5, sparsity: 0.8 },
    })
    expect(state.text).toBe('step 9 (end): accuracy 45.6 %, loss 1.5000, sparsity 80.0 %\n')
  })
})

describe('duration', () => {
  it('speaks as people do', () => {
    expect([0.4, 59, 185, 7800].map(duration)).toEqual(['0 s', '59 s', '3 min 5 s', '2 h 10 min'])
  })
})
