import type { Experiment } from '../core/experiment'
import { Problem } from '../core/problem'
import { check } from './check'
import { cifar10Nano, defaultExperiment } from './defaults'
import { plugin } from './registries'
import type { Settings } from './settings'

/** A named experiment: layers of settings over the default experiment, later ones win. */
export interface Preset {
  readonly label: string
  /** One sentence: what it shows and how long it takes. */
  readonly about: string
  readonly layers: readonly Settings[]
}

/** Not one epoch of SST-2: 600 steps of 64 reach about 80 %; the learning rate mattered most. */
const sst2Nano: Settings = {
  data: 'sst2',
  model: 'miniBert',
  'model.ratio': 2,
  'training.steps': 600,
  'training.batch': 64,
  'training.rate': 3e-3,
  'training.warmup': 30,
  'training.weightDecay': 0.01,
  'training.labelSmoothing': 0,
  'training.evaluateEvery': 100,
}

/** As BERTs are fine-tuned (Devlin et al., appendix A.3), with a faster head, which is new. */
const fineTuning: Settings = {
  'training.batch': 16,
  'training.rate': 5e-5,
  'training.headRate': 10,
  'training.schedule': 'linear',
  'training.warmupShare': 0.1,
  'training.dropout': 0.1,
}

/** sentence-transformers/all-MiniLM-L6-v2, which is the usual repository of the start `hub`. */
const miniLm: Settings = { start: 'hub', 'model.width': 384, 'model.heads': 12, 'model.ratio': 4 }

/** timm's DeiT-Tiny. Its patches have 16 pixels: of an image of 32 there would be four. */
const deit: Settings = {
  start: 'hub',
  'start.repository': 'timm/deit_tiny_patch16_224.fb_in1k',
  'start.pixels': 'model',
  'model.patch': 16,
  'model.side': 96,
  'training.batch': 32,
  'training.rate': 1e-4,
  'training.dropout': 0,
}

/** Experiments small enough for a software adapter and a first minute. */
const quick: Settings = {
  'training.steps': 600,
  'training.batch': 32,
  'training.warmup': 30,
  'training.evaluateEvery': 100,
  'training.labelSmoothing': 0,
}

/** Every preset by id. */
export const presets: Readonly<Record<string, Preset>> = {
  'cifar10-nano': {
    label: 'CIFAR-10, ViT nano',
    about: 'A ViT of 64 x 4 on real photographs. Minutes on a laptop GPU.',
    layers: [cifar10Nano],
  },
  'cifar10-micro': {
    label: 'CIFAR-10, ViT micro',
    about: 'A ViT of 96 x 6. Needs a discrete GPU.',
    layers: [
      cifar10Nano,
      size('vitTiny', 'micro'),
      { 'model.patch': 4, 'training.steps': 4000, 'training.rate': 1e-3 },
    ],
  },
  'cifar10-tiny': {
    label: 'CIFAR-10, ViT-Tiny',
    about: 'The published ViT-Tiny, 192 x 12. Needs a fast GPU and patience.',
    layers: [
      cifar10Nano,
      size('vitTiny', 'tiny'),
      { 'model.patch': 4, 'training.steps': 8000, 'training.rate': 5e-4, 'training.warmup': 400 },
    ],
  },
  'sst2-nano': {
    label: 'SST-2, BERT nano',
    about: 'A BERT of 64 x 2 on film reviews. Minutes on a laptop GPU.',
    layers: [sst2Nano],
  },
  'sst2-mini': {
    label: 'SST-2, BERT-mini',
    about: 'The published BERT-mini, 256 x 4, from random weights. Needs a fast GPU.',
    layers: [
      sst2Nano,
      size('miniBert', 'mini'),
      { 'training.steps': 4000, 'training.rate': 3e-4, 'training.warmup': 400 },
    ],
  },
  'cifar10-pretrained': {
    label: 'CIFAR-10, ViT nano, pre-trained here',
    about: 'Draws hidden patches of all 50,000 images first, then learns 10,000 labels. Needs a GPU, or half an hour.',
    layers: [cifar10Nano, { start: 'maskedPatches' }],
  },
  'cifar10-deit-tiny': {
    label: 'CIFAR-10, DeiT-Tiny, trained on ImageNet',
    about: 'All 12 blocks of DeiT-Tiny (23 MB from Hugging Face) on images scaled to 96 pixels. Needs a fast GPU.',
    layers: [cifar10Nano, size('vitTiny', 'tiny'), fineTuning, deit],
  },
  'sst2-pretrained': {
    label: 'SST-2, BERT nano, pre-trained here',
    about: 'Guesses hidden words of all 67,349 sentences first, then learns from 2,000 labels.',
    layers: [sst2Nano, { 'data.train': 2000, start: 'maskedTokens', 'training.rate': 1e-3 }],
  },
  'sst2-minilm3': {
    label: 'SST-2, three layers of MiniLM',
    about: 'The first 3 of 6 blocks of all-MiniLM-L6-v2 from Hugging Face (50 MB), fine-tuned on 2,000 labels.',
    layers: [sst2Nano, fineTuning, { ...miniLm, 'model.depth': 3, 'data.train': 2000, 'training.steps': 375 }],
  },
  'shapes-quick': {
    label: 'Shapes, quick',
    about: 'A very small ViT on shapes made here. Less than a minute without a GPU.',
    layers: [
      quick,
      {
        data: 'shapes',
        model: 'vitTiny',
        'model.patch': 8,
        'model.width': 32,
        'model.depth': 2,
        'model.heads': 2,
        'model.ratio': 2,
      },
    ],
  },
  'phrases-quick': {
    label: 'Phrases, quick',
    about: 'A very small BERT on phrases made here. Less than a minute without a GPU.',
    layers: [
      quick,
      { data: 'phrases', model: 'miniBert', 'model.width': 32, 'model.depth': 1, 'model.heads': 2, 'model.ratio': 2 },
    ],
  },
  toy: {
    label: 'Toy',
    about: 'One hidden layer of 8 units on shapes. You can follow every weight by eye.',
    layers: [quick, size('mlp', 'toy'), { data: 'shapes', 'training.steps': 200 }],
  },
}

/**
 * Presets that run anywhere, by the task of the model: their data is made on the spot, and they need neither a network
 * nor a GPU.
 */
export const alwaysRuns = {
  image: { preset: 'shapes-quick', name: 'Shapes' },
  text: { preset: 'phrases-quick', name: 'Phrases' },
} as const

/** The experiment of a preset. @throws Problem for an unknown name. */
export function openPreset(name: string): Experiment {
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined
  if (!preset) throw new Problem(`There is no preset "${name}".`, `Choose one of ${Object.keys(presets).join(', ')}.`)
  return check(layered(preset), defaultExperiment).experiment
}

/** All layers of a preset as one. */
export function layered(preset: Preset): Settings {
  return preset.layers.reduce<Settings>((lower, upper) => ({ ...lower, ...upper }), {})
}

/** A size that the model itself names. */
function size(id: string, name: string): Settings {
  const values = Object.entries(plugin('model', id).sizes[name] ?? {}).map(([knob, value]): [string, unknown] => [
    `model.${knob}`,
    value,
  ])
  return Object.fromEntries([['model', id], ...values])
}
