import { toLink } from '../../config/link'
import { runId } from '../../config/identity'
import { safetensorsFile, type NamedArray } from '../../core/safetensors'
import type { WeightsFormat } from '../../core/trainer'
import type { Layout } from '../../core/layout'
import type { Experiment } from '../../core/experiment'
import { compactTensors } from '../measures/compaction'
import { int8Tensor } from '../measures/int8'
import type { SavedTensor } from '../measures/savedTensor'
import type { Executor } from '../executor/executor'
import type { Session } from './session'

/** Written into the file, so that a reader needs nothing else. */
const meaning =
  'w = name * name.scale by broadcasting; int8, symmetric, zeros exact; tensors without a scale are float32'
const shapesTell =
  'dead heads and neurons are taken out; a block has (columns of its query) / (width / heads of the model) heads'

/**
 * The model as a safetensors file. `f32`: weights as F32 under their name, masks as U8 (1 = kept) under `<name>.mask`.
 * `int8`: matrices as I8 with F32 scales under `<name>.scale`, the rest as F32; pruned weights are codes of 0.
 * `compact`: as `f32`, of the model without its dead heads and neurons, null where it has none.
 * @param vocabulary word pieces by id, without which nobody could read text with these weights
 */
export function weightsFile(
  format: WeightsFormat,
  experiment: Experiment,
  executor: Pick<Executor, 'layout' | 'pruning'>,
  tensors: readonly SavedTensor[],
  vocabulary?: readonly string[],
): Uint8Array | null {
  const metadata = {
    link: toLink(experiment),
    runId: runId(experiment),
    ...(vocabulary ? { vocabulary: vocabulary.join('\n') } : {}),
  }
  switch (format) {
    case 'f32':
      return safetensorsFile(tensors.flatMap(withMask), metadata)
    case 'int8':
      return safetensorsFile(int8Arrays(executor.layout, tensors), { ...metadata, quantization: meaning })
    case 'compact': {
      const small = compactTensors(executor, tensors)
      return small && safetensorsFile(small.flatMap(withMask), { ...metadata, compact: shapesTell })
    }
  }
}

/** A session's weights as they are, as such a file. */
export async function weightsOf(session: Session, format: WeightsFormat): Promise<Uint8Array | null> {
  const { experiment, executor, examples } = session
  return weightsFile(format, experiment, executor, await session.tensors(), examples.vocabulary)
}

function withMask({ name, shape, values, mask }: SavedTensor): NamedArray[] {
  return [{ name, shape, values }, ...(mask ? [{ name: `${name}.mask`, shape, values: mask }] : [])]
}

function int8Arrays({ tensors: specs }: Layout, tensors: readonly SavedTensor[]): NamedArray[] {
  const decays = new Map(specs.map(({ name, decay }) => [name, decay]))
  return tensors.flatMap((tensor): NamedArray[] => {
    const { name, shape, values } = tensor
    const coded = int8Tensor(tensor, { shape, decay: decays.get(name) ?? false })
    if (!coded) return [{ name, shape, values }]
    return [
      { name, shape, values: coded.codes },
      { name: `${name}.scale`, shape: coded.scaleShape, values: coded.scales },
    ]
  })
}
