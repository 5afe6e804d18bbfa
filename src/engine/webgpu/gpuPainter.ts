/** Draws the weight map from the device's buffers. */
import type { Layout } from '../../core/layout'
import type { MapRange } from '../../core/mapModes'
import * as shaders from '../../../shaders'
import { paletteStruct } from '../../../shaders/show/paint'
import { storageBuffer, uniformBuffer, write } from '../../gpu/buffers'
import { createKernel, encode, workgroups, type Dispatch } from '../../gpu/kernel'
import type { Readback } from '../../gpu/readback'
import type { Changes, MapLook, Painter } from '../executor/executor'
import { GpuAges } from './gpuAges'
import type { GpuArena } from './gpuArena'
import { GpuTinter } from './gpuTinter'
import { bytesPresenter, paintTables, palette, type BytesPresenter, type MapSize } from '../executor/painting'

/** Bytes of a texture copy's row are a multiple of 256: 64 pixels. */
const rowPixels = 64

/** Chromium cannot present a WebGPU canvas with software compositing: it stays blank, without an error. Firefox can. */
function presentsBlank(software: boolean): boolean {
  return software && /Chrom(e|ium)\//.test(navigator.userAgent)
}

/**
 * The image is copied to a WebGPU canvas and never leaves the device. Where such a canvas would stay blank, the bytes
 * are read back and put on a 2d canvas.
 */
export class GpuPainter implements Painter {
  private drawer: Drawer | null = null
  private present: BytesPresenter | null = null
  private tinter: GpuTinter | null = null
  private making: Promise<GpuTinter> | null = null
  private disposed = false
  private ages: GpuAges | null = null
  private makingAges: Promise<GpuAges> | null = null
  private noting = false

  private constructor(
    private readonly device: GPUDevice,
    private readonly readback: Readback,
    private readonly software: boolean,
    private readonly size: MapSize,
    private readonly colours: GPUBuffer,
    private readonly image: GPUBuffer,
    private readonly owned: readonly GPUBuffer[],
    /** Those that paint classes. */
    private readonly dispatches: readonly Dispatch[],
    /** Made when a number is first shown: many runs never show one. */
    private readonly makeTinter: () => Promise<GpuTinter>,
    private readonly makeAges: () => Promise<GpuAges>,
  ) {}

  /** @param classes 4 bits a weight (shaders/show/mark.ts) */
  static async create(
    device: GPUDevice,
    layout: Layout,
    arena: GpuArena,
    classes: GPUBuffer,
    readback: Readback,
    software: boolean,
  ): Promise<GpuPainter> {
    const tables = paintTables(layout)
    const { width, height } = tables.map
    const size = { width, height, stride: Math.ceil(width / rowPixels) * rowPixels }
    const upload = async (name: string, data: Uint32Array<ArrayBuffer>) => {
      const buffer = await storageBuffer(device, name, data.byteLength)
      write(device, buffer, data)
      return buffer
    }
    const [pixels, tiles, places] = [
      await upload('pixels', tables.pixels),
      await upload('mapTiles', tables.tiles),
      await upload('places', tables.places),
    ]
    const scales = await storageBuffer(device, 'scales', 4 * layout.prunable.length)
    const image = await storageBuffer(device, 'image', 4 * size.stride * height)
    const colours = await uniformBuffer(device, 'palette', paletteStruct.bytes)
    const { weights } = arena
    const [scale, paint] = await Promise.all([
      createKernel(device, 'scale', shaders.scale),
      createKernel(device, 'paint', shaders.paint),
    ])
    const dispatches = [
      scale.bind({ weights, places, scales }, [layout.prunable.length]),
      paint.bind({ palette: colours, pixels, weights, classes, tiles, scales, image }, workgroups(width * height, 256)),
    ]
    return new GpuPainter(
      device,
      readback,
      software,
      size,
      colours,
      image,
      [pixels, tiles, places, scales, image, colours],
      dispatches,
      () => GpuTinter.create(device, layout, arena, size, { classes, tiles, pixels, image }),
      () => GpuAges.create(device, layout, arena),
    )
  }

  attach(canvas: OffscreenCanvas): Promise<void> {
    canvas.width = this.size.width
    canvas.height = this.size.height
    const context = presentsBlank(this.software) ? null : canvas.getContext('webgpu')
    if (context) this.drawer = createDrawer(this.device, context, this.colours, this.image)
    else this.present = bytesPresenter(canvas)
    return Promise.resolve()
  }

  async paint(look: MapLook): Promise<void> {
    if (!this.drawer && !this.present) return
    const tinter = look.mode === 'class' ? null : await (this.making ??= this.madeTinter())
    const { drawer, present } = this
    if (!drawer && !present) return
    const { height, stride } = this.size
    write(this.device, this.colours, paletteStruct.write(palette(this.size, look)))
    const encoder = this.device.createCommandEncoder({ label: 'paint' })
    const pass = encoder.beginComputePass()
    if (look.mode === 'class') encode(pass, this.dispatches)
    else encode(pass, [...this.noted(look.step), ...(tinter?.dispatches(look, this.ages?.changed) ?? [])])
    pass.end()
    drawer?.(encoder)
    const copy = present && this.readback.encode(encoder, this.image, 0, 4 * stride * height)
    this.device.queue.submit([encoder.finish()])
    if (!present || !copy) return
    const bytes = await copy.read()
    if (this.present === present) present(new Uint32Array(bytes), stride)
  }

  async range(): Promise<MapRange | null> {
    const tinter = await this.making
    return tinter && tinter.range(this.readback)
  }

  detach(): void {
    this.drawer = null
    this.present = null
  }

  get remembers(): boolean {
    return this.noting
  }

  async remember(before: Changes): Promise<void> {
    const ages = await (this.makingAges ??= this.madeAges())
    if (this.disposed) return
    ages.begin(before)
    this.noting = true
  }

  /** Remembers no changes: the run begins anew. */
  forget(): void {
    this.noting = false
  }

  /** What notes the changes of the mask since the note before, where somebody looks. @param step steps done */
  noted(step: number): readonly Dispatch[] {
    return this.ages && this.noting ? [this.ages.at(step)] : []
  }

  /** Steps after which bits of the mask changed last; null where nobody notes it. */
  get changed(): GPUBuffer | null {
    return this.ages && this.noting ? this.ages.changed : null
  }

  dispose(): void {
    this.detach()
    this.disposed = true
    this.tinter?.dispose()
    this.ages?.dispose()
    for (const buffer of this.owned) buffer.destroy()
  }

  /** One that comes when nobody waits for it any more holds no memory. */
  private async madeTinter(): Promise<GpuTinter> {
    const tinter = await this.makeTinter()
    if (this.disposed) tinter.dispose()
    this.tinter = tinter
    return tinter
  }

  private async madeAges(): Promise<GpuAges> {
    const ages = await this.makeAges()
    if (this.disposed) ages.dispose()
    this.ages = ages
    return ages
  }
}

/** Encodes the drawing of the painted map onto the canvas's current texture. */
type Drawer = (encoder: GPUCommandEncoder) => void

/** In the preferred format: an `rgba8unorm` canvas ends the process of Firefox ESR 153 on a software adapter. */
function createDrawer(device: GPUDevice, context: GPUCanvasContext, palette: GPUBuffer, image: GPUBuffer): Drawer {
  const format = navigator.gpu.getPreferredCanvasFormat()
  context.configure({ device, format, alphaMode: 'opaque' })
  const module = device.createShaderModule({ label: 'present', code: shaders.present })
  const pipeline = device.createRenderPipeline({
    label: 'present',
    layout: 'auto',
    vertex: { module, entryPoint: 'corner' },
    fragment: { module, entryPoint: 'colour', targets: [{ format }] },
  })
  const bindGroup = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [
      { binding: 0, resource: { buffer: palette } },
      { binding: 1, resource: { buffer: image } },
    ],
  })
  return (encoder) => {
    const pass = encoder.beginRenderPass({
      colorAttachments: [{ view: context.getCurrentTexture().createView(), loadOp: 'clear', storeOp: 'store' }],
    })
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, bindGroup)
    pass.draw(3)
    pass.end()
  }
}
