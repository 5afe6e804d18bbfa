/** Hessian times mean gradient on the device (docs/algorithms.md 2.6): moves the weights around two backward passes. */
import type { Difference } from '../../core/curvature'
import type { Layout } from '../../core/layout'
import * as shaders from '../../../shaders'
import { differenceStruct } from '../../../shaders/train/curvature'
import { squaresChunk } from '../../../shaders/train/norm'
import { uniformBuffer, write } from '../../gpu/buffers'
import { createKernel, encode, workgroups, type Dispatch } from '../../gpu/kernel'
import type { Readback } from '../../gpu/readback'
import { viewBuffer, type GpuArena } from './gpuArena'

export class GpuCurvature {
  private constructor(
    private readonly device: GPUDevice,
    private readonly length: number,
    private readonly partials: GPUBuffer,
    private readonly uniform: GPUBuffer,
    private readonly squares: Dispatch,
    private readonly moves: Readonly<Record<Move, Dispatch>>,
  ) {}

  /** @returns null where the method's plan does not probe curvature */
  static async create(
    device: GPUDevice,
    { length, prunableLength }: Layout,
    arena: GpuArena,
  ): Promise<GpuCurvature | null> {
    if (!arena.curvature) return null
    const [squares, uniform, ...kernels] = await Promise.all([
      createKernel(device, 'squares', shaders.squares),
      uniformBuffer(device, 'difference', differenceStruct.bytes),
      ...moves.map((entryPoint) => createKernel(device, 'curvature', shaders.curvature, { entryPoint })),
    ])
    const { moment1, moment2, grads, weights, partials } = arena
    const bound = {
      difference: uniform,
      initial: viewBuffer(arena, 'initial'),
      curvature: arena.curvature,
      moment1,
      moment2,
      grads,
      weights,
    }
    const dispatches = moves.map((move, i) => [move, kernels[i]?.bind(bound, workgroups(prunableLength / 4, 256))])
    return new GpuCurvature(
      device,
      prunableLength,
      partials,
      uniform,
      squares.bind({ grads: moment1, partials }, workgroups(length, squaresChunk)),
      Object.fromEntries(dispatches) as Record<Move, Dispatch>,
    )
  }

  /** The moves of a difference, for the commands submitted next. */
  prepare(difference: Difference): Readonly<Record<Move, Dispatch>> {
    write(this.device, this.uniform, differenceStruct.write({ length: this.length, ...difference }))
    return this.moves
  }

  /** Euclidean norm of the mean gradient. */
  async directionNorm(readback: Readback): Promise<number> {
    const encoder = this.device.createCommandEncoder({ label: 'directionNorm' })
    const pass = encoder.beginComputePass()
    encode(pass, [this.squares])
    pass.end()
    const copy = readback.encode(encoder, this.partials)
    this.device.queue.submit([encoder.finish()])
    const sums = new Float32Array(await copy.read())
    return Math.sqrt(sums.reduce((sum, value, i) => (i % 2 === 0 ? sum + value : sum), 0))
  }

  dispose(): void {
    this.uniform.destroy()
  }
}

const moves = ['forth', 'back', 'home'] as const
type Move = (typeof moves)[number]
