/** When bits of the mask changed last, on the device, from the moment on at which somebody wants to see it. */
import type { Layout } from '../../core/layout'
import * as shaders from '../../../shaders'
import { momentStruct } from '../../../shaders/show/note'
import { storageBuffer, uniformBuffer, write } from '../../gpu/buffers'
import { createKernel, workgroups, type Dispatch } from '../../gpu/kernel'
import type { Changes } from '../executor/executor'
import type { GpuArena } from './gpuArena'

export class GpuAges {
  private constructor(
    private readonly device: GPUDevice,
    /** Steps by weight (shaders/show/note.ts). */
    readonly changed: GPUBuffer,
    private readonly noted: GPUBuffer,
    private readonly moment: GPUBuffer,
    private readonly note: Dispatch,
  ) {}

  static async create(device: GPUDevice, { prunableLength }: Layout, { mask }: GpuArena): Promise<GpuAges> {
    const changed = await storageBuffer(device, 'changed', 4 * prunableLength)
    const noted = await storageBuffer(device, 'noted', prunableLength / 8)
    const moment = await uniformBuffer(device, 'moment', momentStruct.bytes)
    const kernel = await createKernel(device, 'note', shaders.note)
    const note = kernel.bind({ moment, mask, noted, changed }, workgroups(prunableLength / 32, 256))
    return new GpuAges(device, changed, noted, moment, note)
  }

  /** Goes on from what is known of earlier changes. */
  begin({ steps, mask }: Changes): void {
    write(this.device, this.changed, steps)
    write(this.device, this.noted, new Uint32Array(mask))
  }

  /** What notes the changes since the note before; sets what it reads for the commands submitted next. */
  at(step: number): Dispatch {
    write(this.device, this.moment, momentStruct.write({ step }))
    return this.note
  }

  dispose(): void {
    for (const buffer of [this.changed, this.noted, this.moment]) buffer.destroy()
  }
}
