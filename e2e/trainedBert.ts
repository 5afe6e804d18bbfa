import { defaults } from '../src/core/knob'
import { safetensorsFile } from '../src/core/safetensors'
import { bertNames } from '../src/hub/names/bert'
import { miniBert } from '../src/models'

/** Width, heads and blocks of the made-up model. */
export const sizes = { width: 32, heads: 2, depth: 2, ratio: 2 }

const letters = Array.from({ length: 26 }, (_, i) => String.fromCharCode(97 + i))
/** Letters spell every word; what follows makes the token table long, as that of a published model is. */
const vocabulary = [
  ...['[PAD]', '[UNK]', '[CLS]', '[SEP]'],
  ...letters,
  ...letters.map((letter) => `##${letter}`),
  ...Array.from({ length: 30_000 }, (_, i) => `piece${i}`),
]

const config = {
  model_type: 'bert',
  hidden_size: sizes.width,
  num_attention_heads: sizes.heads,
  num_hidden_layers: sizes.depth,
  intermediate_size: sizes.width * sizes.ratio,
  vocab_size: vocabulary.length,
  max_position_embeddings: 64,
}

/** The files of a BERT as transformers saves one: about 4 MB, with made-up weights. */
export function trainedBert(): ReadonlyMap<string, Uint8Array> {
  const input = { task: 'text', vocabulary: vocabulary.length, length: 64, classes: 2 } as const
  const shapes = new Map(
    miniBert.tensors({ ...defaults(miniBert.knobs), ...sizes }, input).map(({ name, shape }) => [name, shape]),
  )
  const names = bertNames(sizes)
  const tensors = names.rows.map(({ ours, theirs, form }, t) => {
    const shape = shapes.get(ours) ?? []
    const values = Float32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      (_, i) => 0.05 * Math.sin(1 + i + t / 10),
    )
    return { name: names.full(theirs), shape: form.there(shape), values: form.write(values, shape) }
  })
  const text = (content: string) => new TextEncoder().encode(content)
  return new Map([
    ['config.json', text(JSON.stringify(config))],
    ['vocab.txt', text(vocabulary.join('\n'))],
    ['model.safetensors', safetensorsFile(tensors, { format: 'pt' })],
  ])
}
