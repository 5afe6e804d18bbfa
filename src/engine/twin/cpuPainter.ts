/** Draws the weight map by the paint kernel's JavaScript twin. */
import type { Layout } from '../../core/layout'
import { paint, scale } from '../../../shaders/show/paint'
import type { CpuArena } from './cpuArena'
import type { MapColours, Painter } from '../executor/executor'
import { bytesPresenter, paintTables, palette, type BytesPresenter } from '../executor/painting'

export class CpuPainter implements Painter {
  private present: BytesPresenter | null = null
  private readonly tables: ReturnType<typeof paintTables>
  private readonly image: Uint32Array<ArrayBuffer>
  private readonly scales: Float32Array

  constructor(
    layout: Layout,
    private readonly arena: CpuArena,
    private readonly classes: Uint32Array,
  ) {
    this.tables = paintTables(layout)
    this.image = new Uint32Array(this.tables.map.width * this.tables.map.height)
    this.scales = new Float32Array(layout.prunable.length)
  }

  attach(canvas: OffscreenCanvas): Promise<void> {
    canvas.width = this.tables.map.width
    canvas.height = this.tables.map.height
    this.present = bytesPresenter(canvas)
    return Promise.resolve()
  }

  paint(colours: MapColours): Promise<void> {
    const { map, places, ...tables } = this.tables
    const { weights } = this.arena
    scale(weights, places, this.scales)
    paint(
      { ...tables, weights, classes: this.classes, scales: this.scales, image: this.image },
      palette(map.width, map.height, map.width, colours),
    )
    this.present?.(this.image, map.width)
    return Promise.resolve()
  }

  detach(): void {
    this.present = null
  }
}
