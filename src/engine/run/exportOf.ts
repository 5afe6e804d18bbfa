import { toLink } from '../../config/link'
import { plugin } from '../../config/registries'
import type { Examples } from '../../core/dataset'
import type { Experiment } from '../../core/experiment'
import { Problem } from '../../core/problem'
import { heldBatches, makeBatch, type Batch } from '../../data/batches'
import { exportedFiles, refuseExport, type ExportedFile, type ExportedTensor } from '../../hub/exported'

/** Examples whose logits are written beside the model. */
const sampleCount = 8

/** @throws Problem where transformers has no model like that of an experiment */
export function refuseExportOf({ model, method }: Experiment, tensors: readonly ExportedTensor[]): void {
  const hook = plugin('method', method.id).units?.(method.values)
  if (hook && !hook.fold)
    throw new Problem(
      `${plugin('method', method.id).label} changes the outputs of heads or neurons in every forward pass, for which `
        + 'transformers has no place.',
      'Export a run of a method that changes weights alone; weights.safetensors holds any model.',
    )
  refuseExport(model, tensors)
}

/**
 * A trained model as the files of a folder that transformers opens, with logits of some held-out examples.
 * @param tensors as they are saved @param logitsOf what the model computes of a batch of the size of a training step's
 * @throws Problem as `refuseExportOf`
 */
export async function exportOf(
  experiment: Experiment,
  examples: Examples,
  tensors: readonly ExportedTensor[],
  logitsOf: (batch: Batch) => Promise<Float32Array>,
): Promise<ExportedFile[]> {
  refuseExportOf(experiment, tensors)
  const { input, held, classes, vocabulary, normalise } = examples
  const whole = firstHeld(examples, experiment.training.batch)
  const batch = firstHeld(examples, Math.min(sampleCount, experiment.training.batch, held.count))
  const count = batch.labels.length
  const isText = held.task === 'text' && input.task === 'text' && !input.pairs
  return exportedFiles({
    model: experiment.model,
    input,
    classes,
    tensors,
    vocabulary,
    normalise,
    link: toLink(experiment),
    samples: {
      batch,
      logits: (await logitsOf(whole)).slice(0, count * input.classes),
      ...(isText ? { texts: held.texts.slice(0, count) } : {}),
    },
  })
}

function firstHeld(examples: Examples, size: number): Batch {
  const batch = makeBatch(examples, size)
  heldBatches(examples, size).readHeld(0, batch)
  return batch
}
