import type { InputSpec } from '../../core/model'
import { randomBits, streams, uniform } from '../../core/random'
import type { Training } from '../../core/training'
import type { AttackSettings } from '../../../shaders/train/attack'
import type { Blueprint } from './blueprint'

/** How a run makes adversarial images (docs/architecture.md, Adversarial images). */
export interface Attack {
  readonly settings: AttackSettings
  /** [batch, height, width, channels]. */
  readonly shape: readonly [number, number, number, number]
  /** Steps up the loss. */
  readonly steps: number
  /** Whether training uses such images too; accuracy on them is measured in any case. */
  readonly trains: boolean
}

/** Levels of a pixel above black. */
const levels = 255

/** The attack that training asks for; null where it asks for none, and for text, which has no pixels. */
export function attackOf({ experiment, input }: Pick<Blueprint, 'experiment' | 'input'>): Attack | null {
  const { training } = experiment
  if (training.attack === 'none' || input.task !== 'image') return null
  const shape = [training.batch, ...input.shape] as const
  return {
    settings: settingsOf(training, shape),
    shape,
    steps: training.attackSteps,
    trains: training.attack === 'train',
  }
}

function settingsOf({ attackRadius, attackStride, attackStart }: Training, shape: Attack['shape']): AttackSettings {
  const radius = attackRadius / levels
  return {
    radius,
    stride: attackStride * radius,
    spread: attackStart ? radius : 0,
    length: shape.reduce((a, b) => a * b, 1),
    channels: shape[3],
    stream: streams.attack,
  }
}

/** The note of a run on text for which an attack is asked. */
export function attackNote({ attack }: Training, { task }: InputSpec): string | null {
  return attack !== 'none' && task === 'text'
    ? 'No attack: it moves pixels, and text has none. Training and accuracy are of the texts as they are.'
    : null
}

/** The hash that gives the random start, as in the kernel. */
export function startUniform(seed: number, step: number): (counter: number) => number {
  const key = randomBits(seed, streams.attack, step)
  return (counter) => uniform(key, streams.attack, counter)
}
