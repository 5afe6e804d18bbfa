import type { TensorSpec } from '../core/model'
import { Problem } from '../core/problem'
import type { TrainedStart } from '../core/start'
import type { Meter } from '../data/meter'
import type { Folder } from './folder'
import { normalisationOf, type PixelsChoice } from './normalisation'
import { settingsOf } from './settings'
import type { Shape } from './shape'
import { openTrained } from './trained'
import { readVocabulary } from './vocabulary'
import { planWeights } from './weights'

/**
 * A start from the files of a trained model. @param name where they are from, for people
 * @param pixels by whose mean and deviation images are normalised
 * @throws Problem when the playground cannot hold the model
 */
export async function startFrom(
  folder: Folder,
  name: string,
  meter: Meter,
  pixels: PixelsChoice,
): Promise<TrainedStart> {
  const trained = await openTrained(folder)
  const { shape } = trained
  // The table itself tells how long it is: a damaged config.json may tell of any length.
  const table = [...trained.tensors.shapes].find(([name]) => name.endsWith('word_embeddings.weight'))?.[1]
  const words = shape.family === 'bert' ? await readVocabulary(folder, table?.[0] ?? 0) : null
  const normalise = shape.family === 'vit' && pixels === 'model' ? await normalisationOf(folder) : undefined
  return {
    ...(words ? { vocabulary: words.pieces } : {}),
    ...(normalise ? { normalise } : {}),
    async read(specs, signal) {
      requireSizes(shape, specs)
      const plan = planWeights(trained, specs, { head: 'new', ...(words ? { tokens: words.rows } : {}) })
      meter.say(`Fetching the weights of ${name}`)
      meter.expect({ bytes: plan.bytes })
      const weights = await plan.read(signal)
      meter.settle()
      return { weights, text: `From ${name}: ${plan.text}` }
    },
  }
}

/** @throws Problem with all sizes at once; of its heads, no tensor tells */
function requireSizes(shape: Shape, specs: readonly TensorSpec[]): void {
  const { width, heads, neurons, depth, family } = shape
  const find = (name: string) => specs.find((spec) => spec.name === name)
  const kind = family === 'bert' ? 'BERT, which reads text' : 'ViT, which reads images'
  if ((family === 'bert') !== (find('embed/tokens') !== undefined))
    throw new Problem(
      `The trained model is a ${kind}, and the model here reads something else.`,
      'Choose a data set that it reads, or the repository of another model.',
    )
  const query = find('block0/attention/query/weights')
  const fits =
    query?.shape[0] === width
    && query.units?.count === heads
    && find('block0/mlp/in/weights')?.shape[1] === neurons
    && find(`block${depth}/norm1/scale`) === undefined
    && (shape.family === 'bert' || find('embed/weights')?.shape[0] === shape.patch ** 2 * shape.channels)
  if (fits) return
  const settings = Object.entries(settingsOf(shape)).filter(([key]) => key !== 'model' && key !== 'model.pool')
  throw new Problem(
    `The trained model has ${depth} blocks, ${width} numbers a token, ${heads} heads and ${neurons} neurons`
      + `${shape.family === 'vit' ? `, and patches of ${shape.patch} pixels` : ''}; the model here has other sizes.`,
    `Set ${settings.map(([key, value]) => `${key}=${String(value)}`).join(', ')}; fewer blocks will do.`,
  )
}
