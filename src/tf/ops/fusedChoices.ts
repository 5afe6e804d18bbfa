import type { Nn } from '../../core/model'
import { workgroups } from '../../gpu/kernel'
import * as choices from '../../../shaders/transformer/choices'
import { constants } from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import { tf, type Tensor } from '../tfjs'
import { constant, type Choices } from './choices'
import { differentiable, run } from './differentiable'
import { sharedRows } from './sharedRows'
import type { Tiles } from './tiles'

/** What `choices` composes, as our kernels. */
export function fusedChoices(backend: ArenaBackend, tiles: Tiles): Choices {
  return {
    strongest: (x, count) =>
      differentiable([x], {
        forward() {
          const { output, zeros } = choose(backend, tiles, x, typeof count === 'number' ? tf.tensor1d([count]) : count)
          return { value: output, keep: [output, zeros] }
        },
        backward: (outputGrad, [output, zeros]) => [
          chosenGradient(backend, outputGrad, output as Tensor, zeros as Tensor),
        ],
      }),
    route: (probabilities, capacity) => deal(backend, tiles, probabilities, capacity),
    take: (x, rows, back) =>
      differentiable([x], {
        forward: () => ({ value: takeRows(backend, x, rows), keep: [back] }),
        backward: (outputGrad, [kept]) => [takeRows(backend, outputGrad, kept as Tensor)],
      }),
    constant,
  }
}

function choose(backend: ArenaBackend, { norm }: Tiles, x: Tensor, count: Tensor) {
  const width = x.shape.at(-1) ?? 1
  const rows = x.size / width
  return run(backend, {
    label: 'strongest',
    ...sharedRows(backend.device, norm, workgroups(rows, norm.threads / norm.lanes), choices.strongest),
    inputs: { x, count },
    outputs: { output: { shape: x.shape }, zeros: { shape: [rows], dtype: 'int32' } },
    uniform: choices.strongestShape.write({ rows, width }),
  })
}

function chosenGradient(backend: ArenaBackend, outputGrad: Tensor, output: Tensor, zeros: Tensor): Tensor {
  const width = output.shape.at(-1) ?? 1
  return run(backend, {
    label: 'strongestGradient',
    code: choices.strongestGradient,
    inputs: { output, zeros, outputGrad },
    outputs: { xGrad: { shape: output.shape } },
    uniform: choices.strongestShape.write({ rows: output.size / width, width }),
    grid: workgroups(output.size, 256),
  }).xGrad
}

function deal(
  backend: ArenaBackend,
  { rowThreads }: Tiles,
  probabilities: Tensor,
  capacity: number,
): ReturnType<Nn['route']> {
  const [tokens = 1, experts = 1] = probabilities.shape
  return run(backend, {
    label: 'route',
    code: constants({ rowThreads }) + choices.route,
    inputs: { probabilities },
    outputs: {
      expert: { shape: [tokens], dtype: 'int32' },
      place: { shape: [tokens], dtype: 'int32' },
      token: { shape: [experts * capacity], dtype: 'int32' },
    },
    uniform: choices.routeShape.write({ tokens, experts, capacity }),
    grid: [experts, 1, 1],
  })
}

function takeRows(backend: ArenaBackend, x: Tensor, rows: Tensor): Tensor {
  const width = x.shape[1] ?? 1
  return run(backend, {
    label: 'takeRows',
    code: choices.takeRows,
    inputs: { x, rows },
    outputs: { output: { shape: [rows.size, width] } },
    uniform: choices.takeRowsShape.write({ width }),
    grid: workgroups(rows.size * width, 256),
  }).output
}
