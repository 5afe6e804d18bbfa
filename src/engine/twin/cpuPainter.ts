/** Draws the weight map by the JavaScript twins of the kernels that paint it. */
import type { Layout } from '../../core/layout'
import type { MapRange, NumberMode } from '../../core/mapModes'
import { paint, scale } from '../../../shaders/show/paint'
import { range } from '../../../shaders/show/range'
import { tint, type ShownBuffers } from '../../../shaders/show/tint'
import type { CpuArena } from './cpuArena'
import type { GradientFacts } from './cpuLatest'
import type { MapLook, Painter } from '../executor/executor'
import {
  bytesPresenter,
  numberSources,
  paintTables,
  palette,
  rangeOf,
  scaleBytes,
  tintOf,
  type BytesPresenter,
  type MapSize,
  type Source,
} from '../executor/painting'

export class CpuPainter implements Painter {
  private present: BytesPresenter | null = null
  private readonly tables: ReturnType<typeof paintTables>
  private readonly size: MapSize
  private readonly image: Uint32Array<ArrayBuffer>
  private readonly scales: Float32Array
  private readonly ends = new Float32Array(2)

  constructor(
    private readonly layout: Layout,
    private readonly arena: CpuArena,
    private readonly classes: Uint32Array,
    private readonly facts: () => GradientFacts,
  ) {
    this.tables = paintTables(layout)
    const { width, height } = this.tables.map
    this.size = { width, height, stride: width }
    this.image = new Uint32Array(width * height)
    this.scales = new Float32Array(layout.prunable.length)
  }

  attach(canvas: OffscreenCanvas): Promise<void> {
    canvas.width = this.size.width
    canvas.height = this.size.height
    this.present = bytesPresenter(canvas)
    return Promise.resolve()
  }

  paint(look: MapLook): Promise<void> {
    const { classes, image, tables, size } = this
    if (look.mode === 'class') {
      const { weights } = this.arena
      scale(weights, tables.places, this.scales)
      paint({ ...tables, weights, classes, scales: this.scales, image }, palette(size, look))
    } else {
      const shown = { ...tables, ...this.shown(look.mode), range: this.ends }
      const settings = tintOf(size, look.mode, look, this.layout)
      range(shown, settings)
      tint({ ...shown, colours: scaleBytes(look.scale), image }, settings)
    }
    this.present?.(image, size.stride)
    return Promise.resolve()
  }

  range(): Promise<MapRange | null> {
    return Promise.resolve(rangeOf(this.ends))
  }

  detach(): void {
    this.present = null
  }

  private shown(mode: NumberMode): ShownBuffers {
    const [first, second = first] = numberSources[mode].from
    return { first: this.floats(first), second: this.floats(second), classes: this.classes, ...this.facts() }
  }

  private floats(source: Source): Float32Array {
    const { buffer, byteOffset, length } = this.arena[source]
    return new Float32Array(buffer, byteOffset, length)
  }
}
