import { unitKinds } from '../core/granularity'
import { choice } from '../core/knob'
import { method } from '../core/method'
import { everyKnob, gradual, idle, scopeKnob, sparsityKnob, windowKnobs } from './axes'

/**
 * A seeded random mask, before training or ramped: the control that every criterion has to beat (docs/algorithms.md
 * 2.1).
 */
export const random = method({
  label: 'Random',
  cite: 'Blalock et al., arXiv:2003.03033, section 6',
  group: 'control',
  about:
    'Cuts weights by chance, or whole heads, neurons, rows, columns or blocks. A criterion that does not beat it '
    + 'has learned nothing about the weights.',
  formula: 's_i \\sim \\mathcal{U}[0, 1)',
  shines:
    'At moderate sparsity and with long training it comes close to many criteria. That is why it belongs in every '
    + 'comparison.',
  fails:
    'At high sparsity it cuts weights that single layers need. With ERK densities that happens later than with '
    + 'equal ones.',
  adapted:
    "A weight's random number depends only on seed and index, so a mask of higher sparsity lies inside one of "
    + "lower sparsity. A whole unit gets the mean of its weights' numbers, which ranks units of one size in random "
    + 'order. ERK gives all their layers the same density.',
  knobs: {
    sparsity: sparsityKnob(),
    unit: choice(
      'Unit',
      'weight',
      { weight: 'Single weight', ...unitKinds },
      { help: 'What is kept or cut whole. The sparsity is then a share of these.' },
    ),
    side: choice(
      'Block side',
      '4',
      { 2: '2 x 2', 4: '4 x 4', 8: '8 x 8', 16: '16 x 16', 32: '32 x 32' },
      { help: 'Rows and columns of a block.', when: { knob: 'unit', is: 'block' } },
    ),
    scope: scopeKnob('layer'),
    schedule: choice(
      'Schedule',
      'before',
      { before: 'Before training', gradual: 'Gradual (cubic)' },
      { help: 'When to cut weights.' },
    ),
    begin: { ...windowKnobs.begin, when: { knob: 'schedule', is: 'gradual' } },
    end: { ...windowKnobs.end, when: { knob: 'schedule', is: 'gradual' } },
    every: { ...everyKnob(10), when: { knob: 'schedule', is: 'gradual' } },
  },
  score: { wgsl: 'x.uniform', js: (x) => x.uniform },
  granularity: (v) => (v.unit === 'weight' ? { kind: 'weight' } : { kind: v.unit, score: 'sum', side: Number(v.side) }),
  plan(v, steps) {
    return v.schedule === 'before' ? { ...idle, initial: v.sparsity } : gradual(v, steps)
  },
})
