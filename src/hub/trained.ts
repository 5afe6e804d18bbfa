import { Problem } from '../core/problem'
import { shapeOf } from './config'
import { recordOf, type Folder } from './folder'
import type { Shape } from './shape'
import { openTensors, type TensorFiles } from './tensorFiles'

/** A trained model as its files tell it; its numbers are still to be read. */
export interface Trained {
  readonly shape: Shape
  readonly tensors: TensorFiles
}

/**
 * Reads `config.json` and the headers of the tensors.
 * @throws Problem when a file is missing or damaged, or the playground cannot hold the model
 */
export async function openTrained(folder: Folder): Promise<Trained> {
  const config = await recordOf(folder, 'config.json')
  if (!config)
    throw new Problem(
      'The model has no config.json, which tells its sizes.',
      'Take all files of its repository: config.json, model.safetensors, and vocab.txt where it reads text.',
    )
  const tensors = await openTensors(folder)
  return { shape: shapeOf(config, tensors.shapes), tensors }
}
