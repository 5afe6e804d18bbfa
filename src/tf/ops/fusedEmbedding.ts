import type { Nn } from '../../core/model'
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import type { Tensor } from '../tfjs'
import { differentiable, run } from './differentiable'

/**
 * `Nn.embedding`. Where it is differentiated it also chains equal ids; the gradient adds along the chains, in order of
 * position.
 */
export function fusedEmbedding(backend: ArenaBackend): Nn['embedding'] {
  return (table, ids) => {
    const width = table.shape[1] ?? 1
    const call = { inputs: { table, ids }, uniform: shaders.embeddingShape.write({ width }) }
    const output = { shape: [...ids.shape, width] }
    const floats = ids.size * width
    return differentiable([table], {
      forward(wanted) {
        if (!wanted) {
          const plain = { ...call, label: 'embedding', code: shaders.embedding, outputs: { output } }
          return { value: run(backend, { ...plain, grid: workgroups(floats, 256) }).output, keep: [] }
        }
        const chained = run(backend, {
          ...call,
          label: 'embeddingChains',
          code: shaders.embeddingChains,
          outputs: {
            output,
            next: { shape: ids.shape, dtype: 'int32' },
            first: { shape: ids.shape, dtype: 'int32' },
            tableGrad: { shape: table.shape, gradientOf: table },
          },
          grid: workgroups(Math.max(table.size, floats), 256),
        })
        return { value: chained.output, keep: [ids, chained.next, chained.first, chained.tableGrad] }
      },
      backward(outputGrad, kept) {
        const [keptIds, next, first, tableGrad] = kept as [Tensor, Tensor, Tensor, Tensor]
        run(backend, {
          label: 'embeddingTable',
          code: shaders.embeddingTable,
          inputs: { ids: keptIds, next, first, outputGrad, tableGrad },
          outputs: {},
          uniform: call.uniform,
          grid: workgroups(floats, 256),
        })
        return [tableGrad.clone()]
      },
    })
  }
}
