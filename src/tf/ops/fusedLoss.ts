import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import type { Tensor } from '../tfjs'
import { differentiable, run } from './differentiable'
import { sharedRows } from './sharedRows'
import type { Tiles } from './tiles'

/** `Ops.crossEntropy` in one kernel, which computes the gradient too. */
export function fusedLoss(
  backend: ArenaBackend,
  tiles: Tiles,
): (logits: Tensor, labels: Tensor, smoothing: number) => Tensor {
  return (logits, labels, smoothing) => {
    const [rows = 1, classes = 1] = logits.shape
    return differentiable([logits], {
      forward() {
        const { loss, logitsGrad } = run(backend, {
          label: 'crossEntropy',
          ...sharedRows(backend.device, tiles.loss, [1, 1, 1], shaders.crossEntropy),
          inputs: { logits, labels },
          outputs: { loss: { shape: [] }, logitsGrad: { shape: logits.shape } },
          uniform: shaders.crossEntropyShape.write({ rows, classes, smoothing }),
        })
        return { value: loss, keep: [logitsGrad] }
      },
      backward: (lossGrad, kept) => {
        const [logitsGrad] = kept as [Tensor]
        return [isOne(backend, lossGrad) ? logitsGrad.clone() : logitsGrad.mul(lossGrad)]
      },
    })
  }
}

/** Whether a scalar is a constant of 1: what tfjs begins to differentiate with. */
function isOne({ tensorMap }: ArenaBackend, { dataId }: Tensor): boolean {
  const { values } = tensorMap.get(dataId)
  return values?.length === 1 && values[0] === 1
}
