import type { Granularity } from '../core/granularity'
import { choice, flag, type Knobs, type Values } from '../core/knob'
import { method, type PrunedWeights } from '../core/method'
import type { Plan } from '../core/plan'
import type { Formula } from '../core/view'
import type { ProblemData } from '../core/problem'
import { calibratedScopes, scopes, type Scope } from '../core/scope'
import {
  batchesKnob,
  calibrationKnobs,
  cutAfter,
  cutBefore,
  everyKnob,
  exchanging,
  fallingShare,
  gradual,
  roundsBefore,
  roundsKnob,
  shareKnob,
  sparsityKnob,
  windowKnobs,
  windowOf,
} from './axes'
import { lampCut } from '../maths/lampCut'
import { ratioKnobs, ratioOf, ratioSparsity } from './pattern'

type Own = 'mean' | 'spread' | 'moved'

/** What weights are ranked by. */
const criteria = {
  magnitude: { label: 'Magnitude |w|', formula: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) } },
  gradient: { label: 'Gradient E|g|', formula: { wgsl: 'x.noiseMean', js: (x) => x.noiseMean } },
  sensitivity: {
    label: 'Sensitivity |w g|',
    formula: { wgsl: 'abs(x.w * x.g)', js: (x) => Math.abs(Math.fround(x.w * x.g)) },
  },
  fisher: {
    label: 'Fisher w^2 E[g^2]',
    formula: { wgsl: 'x.w * x.w * x.noiseSquare', js: (x) => Math.fround(Math.fround(x.w * x.w) * x.noiseSquare) },
  },
  seven: { label: 'SEVEN (steady)', formula: { wgsl: 'x.importance', js: (x) => x.importance } },
  uncertainty: {
    label: 'PLATON-like (uncertain)',
    formula: { wgsl: 'x.mean * x.spread', js: (x) => Math.fround(x.mean * x.spread) },
  },
  wanda: {
    label: 'Wanda |w| times input',
    formula: { wgsl: 'abs(x.w) * x.input', js: (x) => Math.fround(Math.abs(x.w) * x.input) },
  },
  movement: { label: 'Movement', formula: { wgsl: 'x.moved', js: (x) => x.moved } },
  lamp: { label: 'LAMP |w| in its layer', formula: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) } },
  random: { label: 'Random', formula: { wgsl: 'x.uniform', js: (x) => x.uniform } },
} as const satisfies Readonly<Record<string, { readonly label: string; readonly formula: Formula<Knobs, Own> }>>
type Criterion = keyof typeof criteria

const units = {
  weight: 'Single weight',
  head: 'Attention head',
  neuron: 'MLP neuron',
  row: 'Row (input)',
  column: 'Column (output)',
  block: 'Block of 4 x 4',
  nm: 'N of every M',
} as const
const schedules = {
  start: 'Sparse from the start, by lot',
  before: 'Before training, at once',
  rounds: 'Before training, in rounds',
  once: 'Once in training',
  linear: 'Linear ramp',
  cubic: 'Cubic ramp',
} as const
const regrowths = {
  none: 'None: cut is cut',
  free: 'Zeroed, then train on',
  latent: 'Values kept, frozen',
  through: 'Values kept, learning on',
  exchange: 'Change places',
} as const

const ramps = ['linear', 'cubic']

const knobs = {
  sparsity: { ...sparsityKnob(), when: { knob: 'granularity', is: Object.keys(units).filter((id) => id !== 'nm') } },
  criterion: choice(
    'Criterion',
    'magnitude',
    Object.fromEntries(Object.entries(criteria).map(([id, { label }]) => [id, label])) as Record<Criterion, string>,
    { help: 'What to rank by. The largest stay.' },
  ),
  granularity: choice('Granularity', 'weight', units, {
    help: 'What is kept or cut as one. A unit gets the mean score of its weights.',
  }),
  n: { ...ratioKnobs.n, when: { knob: 'granularity', is: 'nm' } },
  m: { ...ratioKnobs.m, when: { knob: 'granularity', is: 'nm' } },
  scope: choice(
    'Scope',
    'global',
    { ...scopes, output: calibratedScopes.output },
    { help: 'Which weights are ranked together, and how layers share the budget.' },
  ),
  schedule: choice('Schedule', 'cubic', schedules, { help: 'When to cut weights.' }),
  regrowth: choice('Regrowth', 'none', regrowths, {
    help:
      "What happens to cut weights, and which come back. After the ramp's End the mask stays, also for values that "
      + 'go on learning. Zeroed weights are cut anew after each step. Frozen ones compete every few steps until the '
      + 'last.',
  }),
  batches: { ...batchesKnob(4), when: { knob: 'schedule', is: ['before', 'rounds'] } },
  calibration: { ...calibrationKnobs.batches, when: { knob: 'criterion', is: 'wanda' } },
  rounds: { ...roundsKnob(10), when: { knob: 'schedule', is: 'rounds' } },
  begin: { ...windowKnobs.begin, when: { knob: 'schedule', is: ramps } },
  end: {
    ...windowKnobs.end,
    help: 'When the final sparsity is reached, or when weights change places for the last time.',
    when: { knob: 'schedule', is: ['start', 'before', 'once', ...ramps] },
  },
  every: { ...everyKnob(10), when: { knob: 'schedule', is: ['start', 'before', ...ramps] } },
  share: { ...shareKnob(0.3), when: { knob: 'regrowth', is: 'exchange' } },
  lot: flag('Grow by lot', false, {
    help:
      'On: free places go to random weights, as in SET. Off: they go to weights with the largest gradient, as in '
      + 'RigL.',
    when: { knob: 'regrowth', is: 'exchange' },
  }),
}
type Chosen = Values<typeof knobs>

/** Any point of the space that the other methods are named points of; a combination that makes no sense says why. */
export const combination = method<typeof knobs, Own>({
  label: 'Your own',
  cite: 'Axes as in Blalock et al., arXiv:2003.03033, and Hoefler et al., arXiv:2102.00554',
  group: 'during training',
  about:
    'A method of your own. Choose what to rank by, what to cut as one, what to compare, when to cut, and what may '
    + 'come back. Magnitude, SNIP, RigL and SET are special cases.',
  formula:
    '\\text{criterion} \\times \\text{granularity} \\times \\text{scope} \\times \\text{schedule} \\times '
    + '\\text{regrowth}',
  shines: 'Change one choice at a time: change only the criterion, and the difference is due to the criterion.',
  fails: 'Named methods have parts that no choice here offers, and defaults that fit them.',
  adapted:
    'Criteria that gather do so over the whole run: gradient and Fisher as means at rate 0.2, SEVEN as a sum, '
    + "movement as the plain sum of -g w, PLATON's mean and spread from step to step. While a weight is frozen, its "
    + "means of the gradient and SEVEN's sum do not change. A cut that zeroes weights sets their SEVEN sum to 0. "
    + 'Wanda with N:M goes block by block whatever the scope, as Wanda does.',
  knobs,
  statistics: {
    names: ['mean', 'spread', 'moved'],
    gather: {
      mean: {
        wgsl: '0.85 * x.mean + 0.15 * abs(x.w * x.g)',
        js: (x) => 0.85 * x.mean + 0.15 * Math.abs(Math.fround(x.w * x.g)),
      },
      spread: {
        wgsl: '0.95 * x.spread + 0.05 * abs(abs(x.w * x.g) - x.mean)',
        js: (x) => 0.95 * x.spread + 0.05 * Math.abs(Math.abs(Math.fround(x.w * x.g)) - x.mean),
      },
      moved: { wgsl: 'x.moved - x.g * x.w', js: (x) => x.moved - Math.fround(x.g * x.w) },
    },
  },
  score: criteria.magnitude.formula,
  scoreBy: ({ criterion }) => criteria[criterion].formula,
  initialScore: criteria.random.formula,
  grow: { wgsl: 'select(abs(x.g), x.fresh, p.lot > 0.5)', js: (x, p) => (p.lot ? x.fresh : Math.abs(x.g)) },
  target: targetOf,
  scope: scopeOf,
  granularity: granularityOf,
  plan: planOf,
  refuses,
  cutBy: ({ criterion }) => (criterion === 'lamp' ? lampCut : undefined),
  pruned: ({ regrowth, schedule }): PrunedWeights => (schedule === 'rounds' ? 'held' : (kept[regrowth] ?? 'held')),
})

/** Regrowth among which cut weights keep competing. */
const kept: Readonly<Record<string, PrunedWeights>> = { free: 'free', latent: 'latent', through: 'through' }

function targetOf(v: Chosen): number {
  return v.granularity === 'nm' ? ratioSparsity(v) : v.sparsity
}

/**
 * Inputs that are measured for N of every M are ranked in groups of one output, block by block, as in Wanda: no ranking
 * goes beyond them.
 */
function scopeOf(v: Chosen): Scope {
  return v.criterion === 'wanda' && v.granularity === 'nm' ? 'layer' : v.scope
}

function granularityOf(v: Chosen): Granularity {
  const { granularity } = v
  if (granularity === 'weight') return { kind: 'weight' }
  if (granularity === 'nm') return ratioOf(v)
  return { kind: granularity, score: 'sum', side: 4 }
}

function planOf(v: Chosen, steps: number): Plan {
  const w = { ...v, sparsity: targetOf(v) }
  const { first, last } = windowOf(v.begin, v.end, steps)
  const share = v.lot ? () => v.share : fallingShare({ ...v, stop: v.end }, steps)
  const places = exchanging({ ...w, stop: v.end }, steps, share)
  if (v.schedule === 'start') return places
  if (v.schedule === 'rounds') return { ...roundsBefore(w), nested: v.regrowth === 'none' }
  if (v.schedule === 'before') {
    const before = cutBefore(v.batches, w.sparsity)
    return v.regrowth === 'exchange'
      ? { ...before, training: (t) => places.training(t), exchange: share, lastEvent: places.lastEvent }
      : before
  }
  if (v.schedule === 'once')
    return cutAfter(
      { at: v.end, sparsity: w.sparsity },
      steps,
      v.criterion === 'wanda' ? { batches: v.calibration } : undefined,
    )
  return {
    ...ramp(w, steps, first, last),
    nested: !(v.regrowth in kept),
    ...(v.regrowth === 'exchange' ? { exchange: share } : {}),
  }
}

/**
 * A ramp that goes on as long as what it cuts may come back: to the last step, where cut weights are not held there.
 */
function ramp(v: Chosen, steps: number, first: number, last: number): Plan {
  const cubic = gradual(v, steps)
  const level = (t: number) =>
    v.schedule === 'linear' ? v.sparsity * Math.min(1, (t + 1 - first) / (last + 1 - first)) : v.sparsity
  const later = (t: number) =>
    t > last && (v.regrowth === 'free' || (v.regrowth === 'latent' && (t === steps - 1 || (t - first) % v.every === 0)))
  return {
    ...cubic,
    lastEvent: ['free', 'latent'].includes(v.regrowth) ? steps - 1 : last,
    training(t) {
      const asked = cubic.training(t)
      if (later(t)) return v.sparsity
      return asked === undefined || v.schedule === 'cubic' ? asked : level(t)
    },
  }
}

/** Why a combination makes no sense, and what to change; undefined where it does. */
function refuses(v: Chosen): ProblemData | undefined {
  return rules.find((rule) => rule.when(v))
}

const ramped = ({ schedule }: Chosen) => ramps.includes(schedule)
const whole = ({ granularity }: Chosen) => !['weight', 'nm'].includes(granularity)

const rules: readonly (ProblemData & { readonly when: (v: Chosen) => boolean })[] = [
  {
    when: (v) => v.schedule === 'start' && v.regrowth !== 'exchange',
    what: 'A mask by lot from the start would stay as it is: no criterion would ever be asked.',
    fix: 'Let weights change places, or choose the criterion Random and a cut before training.',
  },
  {
    when: (v) => v.regrowth in kept && !ramped(v) && v.schedule !== 'rounds',
    what: 'The mask changes once, so nothing that was cut can come back.',
    fix: 'Choose a ramp or rounds, or the regrowth None.',
  },
  {
    when: (v) => ['free', 'through'].includes(v.regrowth) && v.schedule === 'rounds',
    what: 'Before training nothing is learnt: between rounds cut weights can only wait with the values that they have.',
    fix: 'Choose the regrowth Values kept, frozen, or None.',
  },
  {
    when: (v) => v.regrowth === 'exchange' && !ramped(v) && !['start', 'before'].includes(v.schedule),
    what: 'Weights change places while the model trains, and with this schedule the mask is fixed by then.',
    fix: 'Choose a ramp, a cut before training or a sparse start.',
  },
  {
    when: (v) => v.regrowth === 'exchange' && v.granularity !== 'weight',
    what:
      'Only single weights can change places: a head or neuron that is cut whole has no gradient to come back '
      + 'by, and N:M fixes how many each group keeps.',
    fix: 'Choose single weights, or another regrowth.',
  },
  {
    when: (v) =>
      v.criterion === 'wanda'
      && (v.schedule !== 'once' || whole(v) || !['global', 'layer', 'output'].includes(v.scope)),
    what:
      'Inputs are measured once, block by block, on the model as the cut finds it, '
      + 'and compared within an output, a matrix or the model.',
    fix: 'Choose the schedule Once in training, single weights or N:M, and the scope Per output, Per layer or Global.',
  },
  {
    when: (v) =>
      v.criterion === 'lamp'
      && (!['once', ...ramps].includes(v.schedule)
        || v.granularity !== 'weight'
        || v.scope !== 'global'
        || v.regrowth !== 'none'),
    what:
      'LAMP makes single weights of all layers comparable by what is left of each layer, at a cut in training: '
      + 'that is a ranking of its own, from which nothing comes back.',
    fix: 'Choose a ramp or Once in training, single weights, the scope Global and the regrowth None.',
  },
  {
    when: (v) => v.criterion === 'movement' && ['before', 'rounds'].includes(v.schedule),
    what: 'Before training no weight has moved, so there is no movement to rank by.',
    fix: 'Cut during training, or choose another criterion.',
  },
  {
    when: (v) => v.criterion === 'random' && v.regrowth in kept,
    what: 'The lots of weights do not change, so what was cut would never come back.',
    fix: 'Choose another criterion, or the regrowth None.',
  },
  {
    when: (v) => v.granularity !== 'weight' && v.scope === 'output',
    what:
      'Per output, single weights are compared: a unit is not part of one output, '
      + 'and N:M compares inputs of an output already.',
    fix: 'Choose single weights, or the scope Global or Per layer.',
  },
  {
    when: (v) => (whole(v) || v.granularity === 'nm') && ['erk', 'smart'].includes(v.scope),
    what:
      'ERK and smart ratios are densities of single weights in a matrix; units are shared over layers, '
      + 'and N:M gives every matrix the same density.',
    fix: 'Choose the scope Global or Per layer.',
  },
]
