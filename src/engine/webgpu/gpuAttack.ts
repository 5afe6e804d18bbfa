/**
 * Adversarial images on the device, as commands: the gradient of the loss with respect to the images is recorded once
 * and replayed for every step.
 */
import * as flat from '../../../shaders'
import { attackStruct } from '../../../shaders/train/attack'
import * as shaders from '../../../shaders/transformer'
import { write } from '../../gpu/buffers'
import { createKernel, workgroups, type Dispatch } from '../../gpu/kernel'
import type { ArenaBackend, Recording } from '../../tf/backend'
import type { Command } from '../../tf/recording'
import type { Tensor } from '../../tf/tfjs'
import type { Attack } from '../executor/attack'
import type { ModelInputs } from './modelInputs'

/** Kernels of the two entry points, and of the images as numbers. */
type Kernels = Readonly<Record<'numbers' | 'start' | 'climb', Awaited<ReturnType<typeof createKernel>>>>

export class GpuAttack {
  /** The adversarial images, normalised: a view of a buffer that `commands` fill. */
  readonly images: Tensor
  private readonly buffers: Record<'images' | 'clean' | 'numbersShape' | 'attackShape', GPUBuffer>
  private kernels: Kernels | null = null

  /** @param inputs where the raw images of a batch lie */
  constructor(
    private readonly device: GPUDevice,
    private readonly backend: ArenaBackend,
    readonly attack: Attack,
    private readonly inputs: ModelInputs,
  ) {
    const {
      shape: [batch, height, width, channels],
      settings,
    } = attack
    const make = (label: string, size: number, kind: GPUBufferUsageFlags) =>
      device.createBuffer({ label, size, usage: kind | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC })
    const bytes = 4 * settings.length
    this.buffers = {
      images: make('adversarial', bytes, GPUBufferUsage.STORAGE),
      clean: make('clean', bytes, GPUBufferUsage.STORAGE),
      numbersShape: make('numbersShape', shaders.imagePatchesShape.bytes, GPUBufferUsage.UNIFORM),
      attackShape: make('attackShape', attackStruct.bytes, GPUBufferUsage.UNIFORM),
    }
    write(
      device,
      this.buffers.numbersShape,
      shaders.imagePatchesShape.write({
        height,
        width,
        channels,
        patchHeight: height,
        patchWidth: width,
        scaledHeight: height,
        scaledWidth: width,
      }),
    )
    write(device, this.buffers.attackShape, attackStruct.write({ ...settings }))
    this.images = backend.view(this.buffers.images, 0, [batch, height, width, channels])
  }

  /** Bytes of its buffers. */
  get bytes(): number {
    return Object.values(this.buffers).reduce((sum, buffer) => sum + buffer.size, 0)
  }

  /** Compiles its kernels; before `commands`. */
  async compile(): Promise<void> {
    const { device } = this
    const [numbers, start, climb] = await Promise.all([
      createKernel(device, 'imagePatches', shaders.imagePatches),
      createKernel(device, 'attack', flat.attack, { entryPoint: 'start' }),
      createKernel(device, 'attack', flat.attack, { entryPoint: 'climb' }),
    ])
    this.kernels = { numbers, start, climb }
  }

  /**
   * The commands that make adversarial images of the batch that was fed last. @param gradient of the loss by `images`
   */
  commands(gradient: Recording<Tensor>): Command[] {
    const { numbers, start, climb } = this.bind(this.backend.binding(gradient.value))
    const step = [...gradient.commands, asCommand(climb)]
    return [asCommand(numbers), asCommand(start), ...Array.from({ length: this.attack.steps }, () => step).flat()]
  }

  dispose(): void {
    this.images.dispose()
    for (const buffer of Object.values(this.buffers)) buffer.destroy()
  }

  private bind(gradient: {
    buffer: GPUBuffer
    offset: number
    size: number
  }): Readonly<Record<keyof Kernels, Dispatch>> {
    if (!this.kernels) throw new TypeError('The attack was not compiled.')
    const { numbers, start, climb } = this.kernels
    const { images, clean, numbersShape, attackShape } = this.buffers
    const { x: pixels, motions, levels, random } = this.inputs.places
    const grid = workgroups(this.attack.settings.length, 256)
    const bound = { shape: attackShape, levels, clean, gradient, random, images }
    return {
      numbers: numbers.bind({ shape: numbersShape, pixels, motions, levels, output: clean }, grid),
      start: start.bind(bound, grid),
      climb: climb.bind(bound, grid),
    }
  }
}

function asCommand({ pipeline, bindGroup, grid }: Dispatch): Command {
  return { kind: 'dispatch', pipeline, bindGroup, grid }
}
