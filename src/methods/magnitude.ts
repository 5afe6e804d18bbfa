import { choice, number } from '../core/knob'
import { method } from '../core/method'
import type { Scope } from '../core/scope'
import { everyKnob, gradual, idle, scopeKnob, shownDecay, sparsityKnob, windowKnobs, windowOf } from './axes'

/** Keeps the largest |w|: in one cut after some training, or gradually on a cubic ramp (docs/algorithms.md 2.2 and 2.15). */
export const magnitude = method({
  label: 'Magnitude',
  cite: 'Han et al., arXiv:1506.02626; gradual: Zhu & Gupta, arXiv:1710.01878',
  group: 'during training',
  about: 'Keeps the weights of largest absolute value. Hard to beat when weights have been trained for a while; blind to how much the loss depends on a weight.',
  formula: 's_i = |w_i|',
  shines: 'Gradually, on weights that have learned something: it needs no gradient and matched far costlier methods on large transformers (Gale et al., arXiv:1902.09574).',
  fails: 'In a global ranking of layers whose weights differ in scale, it empties the ones with small weights; and fine-tuning a pre-trained model hardly moves magnitudes, so it prunes what pre-training left small.',
  adapted: 'The ramp is the cubic one of Zhu and Gupta, over a window given in shares of the run.',
  knobs: {
    sparsity: sparsityKnob(),
    scope: scopeKnob(),
    schedule: choice('Schedule', 'gradual', { gradual: 'Gradual (cubic)', once: 'One-shot' }, { help: 'A ramp, or a single cut.' }),
    begin: { ...windowKnobs.begin, when: { knob: 'schedule', is: 'gradual' } },
    end: { ...windowKnobs.end, when: { knob: 'schedule', is: 'gradual' } },
    every: { ...everyKnob(10), when: { knob: 'schedule', is: 'gradual' } },
    at: number('Cut at', 0.5, [0, 1], { step: 0.01, unit: 'of the run', help: 'When the single cut happens; training goes on behind it.', when: { knob: 'schedule', is: 'once' } }),
  },
  score: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  target: (v) => v.sparsity,
  scope: (v) => v.scope as Scope,
  plan(v, steps) {
    if (v.schedule === 'once') {
      const at = windowOf(0, v.at, steps).last
      return { ...idle, training: (t) => (t === at ? v.sparsity : undefined), lastEvent: at }
    }
    return gradual(v, steps)
  },
  noiseDecay: () => shownDecay,
})
