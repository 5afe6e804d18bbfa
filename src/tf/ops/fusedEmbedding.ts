import type { Nn } from '../../core/model'
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import type { Tensor } from '../tfjs'
import { differentiable, run } from './differentiable'
import type { Tiles } from './tiles'

/** `Nn.embedding`; the gradient chains equal ids on the GPU and adds along the chains, in order of position. */
export function fusedEmbedding(backend: ArenaBackend, tiles: Tiles): Nn['embedding'] {
  return (table, ids) => {
    const width = table.shape[1] ?? 1
    const uniform = shaders.embeddingShape.write({ width })
    return differentiable([table], {
      forward() {
        const { output } = run(backend, {
          label: 'embedding',
          code: shaders.embedding,
          inputs: { table, ids },
          outputs: { output: { shape: [...ids.shape, width] } },
          uniform,
          grid: workgroups(ids.size * width, 256),
        })
        return { value: output, keep: [ids] }
      },
      backward: (outputGrad, [keptIds]) => [tableGradient(backend, tiles, table, keptIds as Tensor, outputGrad)],
    })
  }
}

function tableGradient(backend: ArenaBackend, { rowThreads }: Tiles, table: Tensor, ids: Tensor, outputGrad: Tensor): Tensor {
  const width = table.shape[1] ?? 1
  const { output: tableGrad } = run(backend, {
    label: 'zeros',
    code: shaders.zeros,
    inputs: {},
    outputs: { output: { shape: table.shape, gradientOf: table } },
    grid: workgroups(table.size, 256),
  })
  const chains = run(backend, {
    label: 'embeddingChains',
    code: shaders.constants({ rowThreads }) + shaders.embeddingChains,
    inputs: { ids },
    outputs: { next: { shape: ids.shape, dtype: 'int32' }, first: { shape: ids.shape, dtype: 'int32' } },
    grid: [Math.ceil(ids.size / rowThreads), 1, 1],
  })
  run(backend, {
    label: 'embeddingTable',
    code: shaders.embeddingTable,
    inputs: { ids, ...chains, outputGrad, tableGrad },
    outputs: {},
    uniform: shaders.embeddingShape.write({ width }),
    grid: workgroups(ids.size * width, 256),
  })
  chains.next.dispose()
  chains.first.dispose()
  return tableGrad
}
