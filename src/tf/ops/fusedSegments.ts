import type { Nn } from '../../core/model'
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import { run } from './differentiable'

/** `Nn.segments`. */
export function fusedSegments(backend: ArenaBackend): Nn['segments'] {
  return (ids) =>
    run(backend, {
      label: 'segments',
      code: shaders.segments,
      inputs: { ids },
      outputs: { output: { shape: ids.shape, dtype: 'int32' } },
      uniform: shaders.segmentsShape.write({ length: ids.shape[1] ?? 1 }),
      grid: workgroups(ids.size, 256),
    }).output
}
