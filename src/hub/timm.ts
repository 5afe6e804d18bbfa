import { isRecord } from '../core/isRecord'
import { Problem } from '../core/problem'
import { fieldsOf } from './fields'
import type { VitShape } from './shape'

/** A head of timm's ViTs, from tiny to large, has so many numbers; `model_args` tells where it is otherwise. */
const numbersOfHead = 64
/** `timm.layers.LayerNorm` as its ViTs make it. */
const epsilon = 1e-6

/**
 * A ViT of timm. Its `config.json` names an architecture, and what was changed of it; depth and widths are those of its
 * tensors. @throws Problem where it is no plain ViT
 */
export function timmShape(
  config: Readonly<Record<string, unknown>>,
  shapes: ReadonlyMap<string, readonly number[]>,
): VitShape {
  const fix = 'Take a plain ViT, such as timm/vit_tiny_patch16_224.augreg_in21k_ft_in1k.'
  const architecture = String(config['architecture'])
  if (!/^(vit|deit)_/.test(architecture) || /quickgelu|distilled/.test(architecture))
    throw new Problem(`config.json has architecture: "${architecture}", which is no plain ViT.`, fix)
  fieldsOf(config, 'config.json').oneOf('global_pool', ['token'], fix)
  const [width = 0, channels = 0, patch = 0] = shapes.get('patch_embed.proj.weight') ?? []
  const [neurons = 0] = shapes.get('blocks.0.mlp.fc1.weight') ?? []
  const [, positions = 0] = shapes.get('pos_embed') ?? []
  if (!width || !neurons || positions < 2)
    throw new Problem(
      'The file has no tensors "patch_embed.proj.weight", "pos_embed" and "blocks.0.mlp.fc1.weight" of a ViT.',
      fix,
    )
  const numbers = [...shapes.keys()].map((name) => Number(/^blocks\.(\d+)\./.exec(name)?.[1] ?? -1))
  const args = isRecord(config['model_args']) ? config['model_args'] : {}
  return {
    family: 'vit',
    naming: 'timm',
    width,
    depth: Math.max(...numbers) + 1,
    heads: fieldsOf(args, 'model_args of config.json').count('num_heads', width / numbersOfHead),
    neurons,
    epsilon,
    patch,
    channels,
  }
}
