/** Paints one number of every weight, from the buffers in which it lies anyway. */
import type { Layout } from '../../core/layout'
import { mapModes, scaleLength, type MapRange, type NumberMode } from '../../core/mapModes'
import * as shaders from '../../../shaders'
import { binCount } from '../../../shaders/show/range'
import { tintStruct } from '../../../shaders/show/tint'
import { storageBuffer, uniformBuffer, write } from '../../gpu/buffers'
import { createKernel, workgroups, type Dispatch } from '../../gpu/kernel'
import type { Readback } from '../../gpu/readback'
import type { MapLook } from '../executor/executor'
import { numberSources, rangeOf, scaleBytes, tintOf, type MapSize } from '../executor/painting'
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
  private constructor(
    private readonly device: GPUDevice,
    private readonly layout: Layout,
    private readonly size: MapSize,
    private readonly settings: GPUBuffer,
    private readonly colours: GPUBuffer,
    private readonly ends: GPUBuffer,
    private readonly owned: readonly GPUBuffer[],
    private readonly bound: ReadonlyMap<NumberMode, readonly Dispatch[]>,
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
    const bind = (mode: NumberMode): readonly Dispatch[] => {
      const [first, second = first] = numberSources[mode].from
      const { step, control } = arena
      const shown = { tint: settings, step, control, first: arena[first], second: arena[second], classes }
      return [
        tally.bind({ ...shown, tiles, bins }, [tallies]),
        found,
        tint.bind({ ...shown, pixels, range: ends, colours, image }, workgroups(size.width * size.height, 256)),
      ]
    }
    const modes = mapModes.filter((mode) => mode !== 'class')
    const bound = new Map(modes.map((mode) => [mode, bind(mode)]))
    return new GpuTinter(device, layout, size, settings, colours, ends, [settings, colours, bins, ends], bound)
  }

  /** What paints the number; sets what the kernels read for the commands submitted next. */
  dispatches(look: Exclude<MapLook, { readonly mode: 'class' }>): readonly Dispatch[] {
    write(this.device, this.settings, tintStruct.write(tintOf(this.size, look.mode, look, this.layout)))
    write(this.device, this.colours, scaleBytes(look.scale))
    return this.bound.get(look.mode) ?? []
  }

  async range(readback: Readback): Promise<MapRange | null> {
    return rangeOf(new Float32Array(await readback.read(this.ends, 0, 8)))
  }

  dispose(): void {
    for (const buffer of this.owned) buffer.destroy()
  }
}
