import { describe, expect, it } from 'vitest'
import { Problem } from '../core/problem'
import { requireAgreement, tolerance } from './agreement'

const ours = [2.303, 2.25, 0.69]

describe('the agreement of losses', () => {
  it('allows half a unit of the fourth digit', () => {
    expect(tolerance(2.303)).toBeCloseTo(0.0005, 12)
    expect(tolerance(0.69)).toBeCloseTo(0.00005, 12)
    expect(tolerance(12.5)).toBeCloseTo(0.005, 12)
  })

  it('accepts rounding', () => {
    expect(() => requireAgreement('w', { ours, tfjs: [2.30305, 2.2499, 0.69004], jaxjs: ours })).not.toThrow()
  })

  it('refuses a perturbed loss and names step, peer and both values', () => {
    const perturbed = [2.303, 2.2507, 0.69]
    expect(() => requireAgreement('vit-nano', { ours, tfjs: ours, jaxjs: perturbed })).toThrow(Problem)
    expect(() => requireAgreement('vit-nano', { ours, tfjs: ours, jaxjs: perturbed })).toThrow(
      /vit-nano, step 2: the loss of jax-js 0.1.25, jit is 2.2507, that of this engine is 2.25/,
    )
  })

  it('refuses what is not a number, and a missing step', () => {
    expect(() => requireAgreement('w', { ours, tfjs: [2.303, NaN, 0.69] })).toThrow(/step 2/)
    expect(() => requireAgreement('w', { ours, tfjs: [2.303, 2.25] })).toThrow(/step 3/)
    expect(() => requireAgreement('w', { ours: [NaN], tfjs: [NaN] })).toThrow(/step 1/)
  })
})
