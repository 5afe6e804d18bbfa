/** Paints one number of every weight, from the buffers in which it lies anyway. */
import type { Layout } from '../../core/layout'
import { scaleLength, type MapRange, type NumberMode } from '../../core/mapModes'
import * as shaders from '../../../shaders'
import { binCount } from '../../../shaders/show/range'
import { tintStruct } from '../../../shaders/show/tint'
import { storageBuffer, uniformBuffer, write } from '../../gpu/buffers'
import { createKernel, workgroups, type Dispatch } from '../../gpu/kernel'
import type { Readback } from '../../gpu/readback'
import type { NumberOnMap } from '../executor/executor'
import { numberSources, rangeOf, scaleBytes, tintOf, type MapSize, type Source } from '../executor/painting'
import type { GpuArena } from './gpuArena'

/** What both ways to paint share. */
interface Shared {
  readonly classes: GPUBuffer
  readonly tiles: GPUBuffer
  readonly pixels: GPUBuffer
  readonly image: GPUBuffer
}

/** Weights that a thread of `tally` looks at, at least, and its workgroups, at most: each adds up all of its bins. */
const weightsAThread = 16
const mostTallies = 256

export class GpuTinter {
  private readonly bound = new Map<NumberMode, readonly Dispatch[]>()

  private constructor(
    private readonly device: GPUDevice,
    private readonly layout: Layout,
    private readonly size: MapSize,
    private readonly settings: GPUBuffer,
    private readonly colours: GPUBuffer,
    private readonly ends: GPUBuffer,
    private readonly owned: readonly GPUBuffer[],
    private readonly arena: GpuArena,
    private readonly bind: (first: GPUBuffer, second: GPUBuffer) => readonly Dispatch[],
  ) {}

  static async create(
    device: GPUDevice,
    layout: Layout,
    arena: GpuArena,
    size: MapSize,
    { classes, tiles, pixels, image }: Shared,
  ): Promise<GpuTinter> {
    const settings = await uniformBuffer(device, 'tint', tintStruct.bytes)
    const colours = await storageBuffer(device, 'colours', 4 * scaleLength)
    const bins = await storageBuffer(device, 'bins', 4 * binCount)
    const ends = await storageBuffer(device, 'range', 8)
    const [tally, range, tint] = await Promise.all([
      createKernel(device, 'tally', shaders.tally),
      createKernel(device, 'range', shaders.range),
      createKernel(device, 'tint', shaders.tint),
    ])
    const tallies = Math.min(mostTallies, Math.ceil(layout.prunableLength / (256 * weightsAThread)))
    const found = range.bind({ tint: settings, bins, range: ends }, [1])
    const { step, control } = arena
    const bind = (first: GPUBuffer, second: GPUBuffer): readonly Dispatch[] => {
      const shown = { tint: settings, step, control, first, second, classes }
      return [
        tally.bind({ ...shown, tiles, bins }, [tallies]),
        found,
        tint.bind({ ...shown, pixels, range: ends, colours, image }, workgroups(size.width * size.height, 256)),
      ]
    }
    return new GpuTinter(device, layout, size, settings, colours, ends, [settings, colours, bins, ends], arena, bind)
  }

  /**
   * What paints the number; sets what the kernels read for the commands submitted next.
   * @param changed steps after which mask bits changed, where their age is shown
   */
  dispatches(look: NumberOnMap, changed: GPUBuffer | undefined): readonly Dispatch[] {
    write(this.device, this.settings, tintStruct.write(tintOf(this.size, look, this.layout)))
    write(this.device, this.colours, scaleBytes(look.scale))
    const found = this.bound.get(look.mode) ?? this.boundTo(numberSources[look.mode].from, changed)
    this.bound.set(look.mode, found)
    return found
  }

  private boundTo([first, second = first]: readonly [Source, Source?], changed: GPUBuffer | undefined) {
    const bufferOf = (source: Source): GPUBuffer => {
      const buffer = source === 'changed' ? changed : this.arena[source]
      if (!buffer) throw new TypeError('Nothing notes when the mask changes: call `remember` first.')
      return buffer
    }
    return this.bind(bufferOf(first), bufferOf(second))
  }

  async range(readback: Readback): Promise<MapRange | null> {
    return rangeOf(new Float32Array(await readback.read(this.ends, 0, 8)))
  }

  dispose(): void {
    for (const buffer of this.owned) buffer.destroy()
  }
}
