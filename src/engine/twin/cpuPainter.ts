/** Draws the weight map by the JavaScript twins of the kernels that paint it. */
import type { Layout } from '../../core/layout'
import type { MapRange, NumberMode } from '../../core/mapModes'
import { paint, scale } from '../../../shaders/show/paint'
import { note } from '../../../shaders/show/note'
import { range } from '../../../shaders/show/range'
import { tint, type ShownBuffers } from '../../../shaders/show/tint'
import type { CpuArena } from './cpuArena'
import type { GradientFacts } from './cpuLatest'
import type { Changes, MapLook, Painter } from '../executor/executor'
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
  /** When bits of the mask changed last; null where nobody wants to see it. */
  private noted: { readonly changed: Float32Array; readonly noted: Uint32Array } | null = null

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
      this.note(look.step)
      const shown = { ...tables, ...this.shown(look.mode), range: this.ends }
      const settings = tintOf(size, look, this.layout)
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

  get remembers(): boolean {
    return this.noted !== null
  }

  remember({ steps, mask }: Changes): Promise<void> {
    this.noted = { changed: steps.slice(), noted: mask.slice() }
    return Promise.resolve()
  }

  /** Remembers no changes: the run begins anew. */
  forget(): void {
    this.noted = null
  }

  /** Notes the changes of the mask since the note before, where somebody looks. @param step steps done */
  note(step: number): void {
    if (this.noted) note({ mask: this.arena.mask, ...this.noted }, step)
  }

  /** Steps that were done when a weight's bit of the mask changed last, NaN where that is not known. */
  changed(index: number): number {
    return this.noted?.changed[index] ?? NaN
  }

  private shown(mode: NumberMode): ShownBuffers {
    const [first, second = first] = numberSources[mode].from
    return { first: this.floats(first), second: this.floats(second), classes: this.classes, ...this.facts() }
  }

  private floats(source: Source): Float32Array {
    if (source === 'changed') {
      if (this.noted) return this.noted.changed
      throw new TypeError('Nothing notes when the mask changes: call `remember` first.')
    }
    const { buffer, byteOffset, length } = this.arena[source]
    return new Float32Array(buffer, byteOffset, length)
  }
}
