import type { Nn } from '../../core/model'
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import type { Tensor } from '../tfjs'
import { differentiable, run } from './differentiable'

/** `Nn.embedding`; the gradient chains equal ids on the GPU and adds along the chains, in order of position. */
export function fusedEmbedding(backend: ArenaBackend): Nn['embedding'] {
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
      backward: (outputGrad, [keptIds]) => [tableGradient(backend, table, keptIds as Tensor, outputGrad)],
    })
  }
}

function tableGradient(backend: ArenaBackend, table: Tensor, ids: Tensor, outputGrad: Tensor): Tensor {
  const width = table.shape[1] ?? 1
  const { tableGrad, ...chains } = run(backend, {
    label: 'embeddingChains',
    code: shaders.embeddingChains,
    inputs: { ids },
    outputs: {
      next: { shape: ids.shape, dtype: 'int32' },
      first: { shape: ids.shape, dtype: 'int32' },
      tableGrad: { shape: table.shape, gradientOf: table },
    },
    grid: workgroups(Math.max(table.size, ids.size), 256),
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
