import { count } from '../core/figures'
import type { KnobValue } from '../core/knob'
import { Problem } from '../core/problem'
import type { Shape } from './shape'

/** Ids of the models here that stand for a family. */
export const modelIds = { bert: 'miniBert', vit: 'vitTiny' } as const satisfies Record<Shape['family'], string>

/**
 * Settings of the model here that is like a trained one, with all of its blocks; whether the playground's knobs go so
 * far is for `check` to say. @throws Problem where its MLP is no multiple of its width, or heads do not divide it
 */
export function settingsOf(shape: Shape): Readonly<Record<string, KnobValue>> {
  const { family, width, depth, heads, neurons } = shape
  if (neurons % width !== 0 || width % heads !== 0)
    throw new Problem(
      `The trained model has ${count(heads)} heads and ${count(neurons)} neurons a block, and a width of `
        + `${count(width)}; here, heads divide the width, and the width the neurons.`,
      'Take another model.',
    )
  return {
    model: modelIds[family],
    'model.width': width,
    'model.depth': depth,
    'model.heads': heads,
    'model.ratio': neurons / width,
    'model.pool': 'class',
    ...(shape.family === 'vit' ? { 'model.patch': shape.patch } : {}),
  }
}
