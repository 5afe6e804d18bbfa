import { Problem } from '../core/problem'
import { fieldsOf, shown, type Fields } from './fields'
import { largestEpsilon, type BertShape, type Shape, type VitShape } from './shape'
import { timmShape } from './timm'

const file = 'config.json'
const takeAnother = 'Take another model: BERT such as sentence-transformers/all-MiniLM-L6-v2, or a ViT.'

/**
 * What a model is. @param config its `config.json`, of transformers or of timm
 * @param shapes of its tensors; timm's file does not tell everything
 * @throws Problem for a model that the playground cannot hold, with the field that says so
 */
export function shapeOf(
  config: Readonly<Record<string, unknown>>,
  shapes: ReadonlyMap<string, readonly number[]>,
): Shape {
  const fields = fieldsOf(config, file)
  fields.oneOf('quantization_config', [], 'Take the model as it was before it was quantised.')
  if (config['model_type'] === undefined && typeof config['architecture'] === 'string') return timmShape(config, shapes)
  switch (config['model_type']) {
    case 'bert':
      return bertShape(fields)
    case 'vit':
      return vitShape(fields)
    default:
      throw new Problem(
        `${file} has model_type: ${shown(config['model_type'])}; the playground reads "bert" and `
          + '"vit", and ViTs of timm.',
        takeAnother,
      )
  }
}

function bertShape(fields: Fields): BertShape {
  fields.oneOf('position_embedding_type', ['absolute'], takeAnother)
  fields.oneOf('is_decoder', [false], takeAnother)
  fields.oneOf('type_vocab_size', [2], takeAnother)
  return {
    family: 'bert',
    ...sizesOf(fields),
    vocabulary: fields.count('vocab_size', 30_522),
  }
}

function vitShape(fields: Fields): VitShape {
  fields.oneOf('qkv_bias', [true], takeAnother)
  return {
    family: 'vit',
    naming: 'transformers',
    ...sizesOf(fields),
    patch: fields.count('patch_size', 16),
    channels: fields.count('num_channels', 3),
  }
}

/** What both have in common; a field that is left out has the default of transformers. */
function sizesOf(fields: Fields) {
  // gelu_python is the same exact function, written out.
  fields.oneOf('hidden_act', ['gelu', 'gelu_python'], takeAnother)
  return {
    width: fields.count('hidden_size', 768),
    depth: fields.count('num_hidden_layers', 12),
    heads: fields.count('num_attention_heads', 12),
    neurons: fields.count('intermediate_size', 3072),
    epsilon: fields.number('layer_norm_eps', 1e-12, largestEpsilon),
  }
}
