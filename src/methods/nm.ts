import { choice } from '../core/knob'
import { method } from '../core/method'
import { cutKnobs, cutting } from './axes'
import { ratioKnobs, ratioOf, ratioSparsity } from './pattern'

/** N of every M consecutive inputs of an output stay; sparse tensor cores run 2:4 (docs/algorithms.md 2.3). */
export const nm = method({
  label: 'N:M',
  cite: 'Zhou et al., arXiv:2102.04010; 2:4: Mishra et al., arXiv:2104.08378',
  group: 'structured',
  about:
    'Of every M neighbouring inputs of an output, keeps the N weights with the largest absolute value. Sparse '
    + 'tensor cores multiply 2:4 at up to twice the speed. The sparsity is always 1 - N/M.',
  formula:
    'm_{ij} = 1 \\iff |w_{ij}| \\text{ is among the } N \\text{ largest of its } M \\text{ neighbours } '
    + 'w_{gj},\\; \\lfloor g/M \\rfloor = \\lfloor i/M \\rfloor',
  shines: 'At 50 % nearly as accurate as pruning single weights, in a pattern that hardware knows.',
  fails: 'Every group gives up the same share, whether it can or not. At 1:8 and beyond that hurts.',
  adapted:
    'Cut weights stay zero; SR-STE is the method that lets them go on learning. On the ramp, only weights outside '
    + "their group's best N are ranked. Where M does not divide the inputs, the last group keeps its share rounded up. "
    + 'WebGPU has no sparse tensor cores, so the pattern makes nothing faster here.',
  knobs: {
    ...ratioKnobs,
    scope: choice(
      'Scope',
      'global',
      { global: 'Global', layer: 'Per layer' },
      {
        help: 'Which weights are ranked together on the way. The target is the same.',
        when: { knob: 'schedule', is: 'gradual' },
      },
    ),
    ...cutKnobs,
  },
  score: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  target: ratioSparsity,
  granularity: ratioOf,
  plan: (v, steps) => cutting({ ...v, sparsity: ratioSparsity(v) }, steps),
})
