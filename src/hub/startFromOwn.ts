import { count } from '../core/figures'
import type { TensorSpec } from '../core/model'
import { Problem } from '../core/problem'
import type { TrainedStart } from '../core/start'
import { parseVocabulary } from '../data/wordpiece'
import type { Folder } from './folder'
import { openTensors } from './tensorFiles'

/**
 * A start from weights that the playground saved, under its own names. @param whose where they are from
 * @throws Problem when there are none, or they are of another model
 */
export async function startFromOwn(folder: Folder, whose = 'your files'): Promise<TrainedStart> {
  if (!(await folder('model.safetensors')))
    throw new Problem(
      'Your files hold no weights.',
      'Add a weights.safetensors that was saved here, or a config.json, model.safetensors and vocab.txt.',
    )
  const tensors = await openTensors(folder)
  const { vocabulary } = tensors.metadata
  return {
    ...(vocabulary === undefined ? {} : { vocabulary: parseVocabulary('the vocabulary of your weights', vocabulary) }),
    async read(specs, signal) {
      const shapeOf = (name: string) => tensors.shapes.get(name)?.join(', ')
      const isHead = ({ name }: TensorSpec) => name.startsWith('head/')
      const heads = specs.filter(isHead)
      // The head of another data set has other classes.
      const keepsHead = heads.every(({ name, shape }) => shapeOf(name) === shape.join(', '))
      const wanted = specs.filter((spec) => keepsHead || !isHead(spec))
      for (const { name, shape } of wanted) requireShape(whose, name, shape.join(', '), shapeOf(name))
      const weights = await tensors.read(
        wanted.map(({ name }) => name),
        signal,
      )
      const taken = [...weights.values()].reduce((sum, { length }) => sum + length, 0)
      return { weights, text: `From ${whose}: ${count(taken)} weights${keepsHead ? '' : '; the head is new'}.` }
    },
  }
}

function requireShape(whose: string, name: string, wanted: string, found: string | undefined): void {
  if (found === wanted) return
  throw new Problem(
    found === undefined
      ? `There is no tensor "${name}" in ${whose}; the model here has one.`
      : `The tensor "${name}" of ${whose} has the shape [${found}]; the model here needs [${wanted}].`,
    'Set data and model as they were when the weights were saved (the file holds the link of its run), '
      + 'and take a file of 32-bit weights of a model that was not made smaller.',
  )
}
