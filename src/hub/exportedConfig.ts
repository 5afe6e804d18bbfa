/** Settings files of an exported model, as transformers names them. */
import type { Choice } from '../core/experiment'
import type { InputSpec } from '../core/model'
import { epsilons } from './shape'

/** `config.json` of a BERT. */
export function bertConfig(
  model: Choice,
  { vocabulary, length }: Extract<InputSpec, { task: 'text' }>,
  classes: readonly string[],
): object {
  return {
    architectures: ['BertForSequenceClassification'],
    model_type: 'bert',
    ...sizes(model, classes, epsilons.bert),
    vocab_size: vocabulary,
    max_position_embeddings: length,
    type_vocab_size: 2,
    pad_token_id: 0,
  }
}

/** `config.json` of a ViT. */
export function vitConfig(
  model: Choice,
  { side, channels }: { readonly side: number; readonly channels: number },
  classes: readonly string[],
): object {
  return {
    architectures: ['ViTForImageClassification'],
    model_type: 'vit',
    ...sizes(model, classes, epsilons.vit),
    image_size: side,
    patch_size: model.values['patch'],
    num_channels: channels,
    qkv_bias: true,
  }
}

function sizes({ values }: Choice, classes: readonly string[], epsilon: number) {
  const width = Number(values['width'])
  return {
    hidden_size: width,
    num_hidden_layers: values['depth'],
    num_attention_heads: values['heads'],
    intermediate_size: width * Number(values['ratio']),
    hidden_act: 'gelu',
    layer_norm_eps: epsilon,
    id2label: Object.fromEntries(classes.map((name, i) => [String(i), name])),
    label2id: Object.fromEntries(classes.map((name, i) => [name, i])),
    torch_dtype: 'float32',
  }
}

/** `tokenizer_config.json`: BERT's tokenizer, uncased. @param length tokens, special ones included */
export function tokenizerConfig(length: number): object {
  return {
    tokenizer_class: 'BertTokenizer',
    do_lower_case: true,
    strip_accents: null,
    tokenize_chinese_chars: true,
    model_max_length: length,
    pad_token: '[PAD]',
    unk_token: '[UNK]',
    cls_token: '[CLS]',
    sep_token: '[SEP]',
  }
}

/** PIL's number for it. */
const bilinear = 2

/** `preprocessor_config.json`: bytes to numbers as the playground makes them. */
export function preprocessor(
  [height, width]: readonly [number, number],
  normalise?: { readonly mean: readonly number[]; readonly deviation: readonly number[] },
): object {
  return {
    image_processor_type: 'ViTImageProcessor',
    do_resize: true,
    size: { height, width },
    resample: bilinear,
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: normalise?.mean ?? [0, 0, 0],
    image_std: normalise?.deviation ?? [1, 1, 1],
  }
}
