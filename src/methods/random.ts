import { choice } from '../core/knob'
import { method } from '../core/method'
import type { Scope } from '../core/scope'
import { everyKnob, gradual, idle, scopeKnob, shownDecay, sparsityKnob, windowKnobs } from './axes'

/** A seeded random mask, before training or ramped: the control that every criterion has to beat (docs/algorithms.md 2.1). */
export const random = method({
  label: 'Random',
  cite: 'Blalock et al., arXiv:2003.03033, section 6',
  group: 'control',
  about: 'Cuts weights by lot. A criterion that does not beat it has learned nothing about the weights.',
  formula: 's_i \\sim \\mathcal{U}[0, 1)',
  shines: 'At moderate sparsity and with long training it comes close to many criteria, which is why it belongs in every comparison.',
  fails: 'At high sparsity it cuts weights that single layers cannot do without; with ERK densities that happens later than with equal ones.',
  adapted: 'The lot of a weight depends on seed and index alone, so masks of rising sparsity nest.',
  knobs: {
    sparsity: sparsityKnob(),
    scope: scopeKnob('layer'),
    schedule: choice('Schedule', 'before', { before: 'Before training', gradual: 'Gradual (cubic)' }, { help: 'When weights are cut.' }),
    begin: { ...windowKnobs.begin, when: { knob: 'schedule', is: 'gradual' } },
    end: { ...windowKnobs.end, when: { knob: 'schedule', is: 'gradual' } },
    every: { ...everyKnob(10), when: { knob: 'schedule', is: 'gradual' } },
  },
  score: { wgsl: 'x.uniform', js: (x) => x.uniform },
  target: (v) => v.sparsity,
  scope: (v) => v.scope as Scope,
  plan(v, steps) {
    return v.schedule === 'before' ? { ...idle, initial: v.sparsity } : gradual(v, steps)
  },
  noiseDecay: () => shownDecay,
})
