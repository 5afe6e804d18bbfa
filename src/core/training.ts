import { choice, flag, integer, number, share, type Values } from './knob'

const attacked = { knob: 'attack', is: ['measure', 'train'] }

/** Settings of training that do not depend on model, data or method. */
export const trainingKnobs = {
  steps: integer('Steps', 1000, [1, 200_000], { scale: 'log', help: 'Optimizer steps of the whole run.' }),
  batch: integer('Batch', 32, [1, 512], { scale: 'log', unit: 'examples', help: 'How many examples a step sees.' }),
  optimizer: choice(
    'Optimizer',
    'adamw',
    { adamw: 'AdamW', sgd: 'SGD with momentum' },
    { help: 'AdamW: Loshchilov & Hutter, arXiv:1711.05101.' },
  ),
  rate: number('Learning rate', 1e-3, [1e-6, 10], { scale: 'log', help: 'Peak learning rate.' }),
  momentum: number('Momentum', 0.9, [0, 0.999], {
    help: 'Share of the last update that is kept.',
    when: { knob: 'optimizer', is: 'sgd' },
  }),
  beta1: number('Beta 1', 0.9, [0, 0.999], {
    help: 'How slowly the mean of the gradient forgets.',
    when: { knob: 'optimizer', is: 'adamw' },
  }),
  beta2: number('Beta 2', 0.999, [0, 0.99999], {
    help: 'How slowly the mean of its square forgets.',
    when: { knob: 'optimizer', is: 'adamw' },
  }),
  schedule: choice(
    'Rate schedule',
    'cosine',
    { constant: 'Constant', cosine: 'Cosine to 0', linear: 'Linear to 0' },
    { help: 'How the learning rate falls after warm-up.' },
  ),
  warmup: integer('Warm-up', 50, [0, 20_000], {
    unit: 'steps',
    help: 'Steps over which the rate rises from 0.',
    when: { knob: 'warmupShare', is: 0 },
  }),
  warmupShare: share('Warm-up share', 0, [0, 1], {
    help: 'Share of the run over which the rate rises from 0. 0 counts in steps instead.',
  }),
  headRate: number('Rate of the head', 1, [0.01, 1000], {
    scale: 'log',
    unit: 'times the rate',
    help:
      'The last layer learns faster than the others by this factor, or slower. '
      + 'A new head on a trained model has more to learn.',
  }),
  layerDecay: number('Layer-wise rate decay', 1, [0.1, 1], {
    help:
      'Each layer learns slower than the one after it by this factor, the embeddings slowest (Clark et al., '
      + 'arXiv:2003.10555). Methods that move weights by a rule of their own ignore it.',
  }),
  frozenEmbeddings: flag('Frozen embeddings', false, {
    help: 'Leaves the embeddings, of patches or of tokens and positions, as they are.',
  }),
  weightDecay: number('Weight decay', 0.05, [0, 1], {
    help: 'Makes matrices smaller at every step, apart from the gradient (decoupled).',
  }),
  clip: number('Clip norm', 1, [0, 100], { help: 'Largest norm of the whole gradient. 0 switches clipping off.' }),
  labelSmoothing: share('Label smoothing', 0, [0, 0.5], {
    help: 'Share of the target that is spread over all classes.',
  }),
  dropout: share('Dropout', 0, [0, 0.9], { help: 'Share of activations that are set to 0 in training.' }),
  augment: choice(
    'Augment',
    'mirror',
    { none: 'None', mirror: 'Mirror', shift: 'Shift and mirror' },
    { help: 'Images are mirrored half of the time, or also shifted by up to 4 pixels. Text ignores it.' },
  ),
  attack: choice(
    'Attack',
    'none',
    { none: 'None', measure: 'Measure', train: 'Train and measure' },
    {
      help:
        'Moves the pixels of images within a radius so that the loss rises (Madry et al., arXiv:1706.06083). '
        + 'Measure: shows robust accuracy next to accuracy. Train: takes every gradient at such images. '
        + 'Text has no pixels and ignores it.',
    },
  ),
  attackRadius: number('Attack radius', 8, [0, 64], {
    step: 1,
    unit: '/ 255',
    help: 'How far a pixel may move, in its 255 levels.',
    when: attacked,
  }),
  attackSteps: integer('Attack steps', 1, [1, 50], {
    help:
      'One step as long as the radius is FGSM (Goodfellow et al., arXiv:1412.6572). '
      + 'Several shorter ones are PGD. Each costs about as much as a training step.',
    when: attacked,
  }),
  attackStride: number('Attack step length', 1, [0.01, 2], {
    step: 0.01,
    unit: 'of the radius',
    help: 'How far a step moves a pixel, by the sign of its gradient. PGD: 0.25 with 10 steps.',
    when: attacked,
  }),
  attackStart: flag('Random start', false, {
    help: 'Starts at a random place within the radius, not at the image itself.',
    when: attacked,
  }),
  precision: choice(
    'Precision',
    'f32',
    { f32: '32 bits', f16: '16 bits for kept activations', mixed: '16 bits for factors too' },
    {
      help:
        'How to store attention probabilities and slopes of GELU between forward and backward pass, '
        + 'on WebGPU with shader-f16: 16 bits take half the memory, and gradients change by about 1 part in 2,000. '
        + 'With factors too, linear layers round what they multiply to 16 bits in training. '
        + 'Sums, weights and evaluation always have 32 bits.',
    },
  ),
  weightBits: choice(
    'Bits of a weight',
    '32',
    { 32: '32', 8: '8' },
    {
      help:
        'With 8 the model reads its matrices rounded to int8, with one scale for each output. '
        + 'The optimizer goes on with 32 bits, and the gradient ignores the rounding (Jacob et al., '
        + 'arXiv:1712.05877). Scoring before training reads 32 bits.',
    },
  ),
  evaluateEvery: integer('Evaluate every', 200, [0, 100_000], {
    unit: 'steps',
    help: 'Steps from one look at the held-out set to the next. 0 looks only after pruning and at the end.',
  }),
  watchedCuts: integer('Watched cuts', 4, [0, 64], {
    help:
      'At how many mask changes, at most, to measure accuracy right before and right after, '
      + 'on 256 held-out examples. They are spread evenly, with the first and the last. '
      + 'Measuring changes nothing of the run.',
  }),
} as const

export type Training = Values<typeof trainingKnobs>
