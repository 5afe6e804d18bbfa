/** Draws the weight map from the device's buffers. */
import type { Layout } from '../core/layout'
import * as shaders from '../../shaders'
import { paletteStruct } from '../../shaders/paint'
import { storageBuffer, uniformBuffer, write } from '../gpu/buffers'
import { createKernel, encode, workgroups, type Dispatch } from '../gpu/kernel'
import type { Readback } from '../gpu/readback'
import type { MapColours, Painter } from './executor'
import type { GpuArena } from './gpuArena'
import { paintTables, palette, presentBytes } from './painting'

/** Bytes of a texture copy's row are a multiple of 256: 64 pixels. */
const rowPixels = 64

/**
 * On a real adapter the image is copied to a WebGPU canvas and never leaves the device. Chromium cannot present such a
 * canvas with software compositing (it stays blank), so on software adapters the bytes are read back and put on a 2d canvas.
 */
export class GpuPainter implements Painter {
  private canvas: OffscreenCanvas | null = null
  private context: GPUCanvasContext | null = null

  private constructor(
    private readonly device: GPUDevice, private readonly readback: Readback, private readonly software: boolean,
    private readonly size: { readonly width: number; readonly height: number; readonly stride: number },
    private readonly colours: GPUBuffer, private readonly image: GPUBuffer, private readonly owned: readonly GPUBuffer[],
    private readonly dispatches: readonly Dispatch[],
  ) {}

  /** @param classes 2 bits a weight (shaders/mark.ts) */
  static async create(device: GPUDevice, layout: Layout, arena: GpuArena, classes: GPUBuffer, readback: Readback, software: boolean): Promise<GpuPainter> {
    const tables = paintTables(layout)
    const { width, height } = tables.map
    const stride = Math.ceil(width / rowPixels) * rowPixels
    const upload = async (name: string, data: Uint32Array<ArrayBuffer>) => {
      const buffer = await storageBuffer(device, name, data.byteLength)
      write(device, buffer, data)
      return buffer
    }
    const [pixels, tiles, places] = [await upload('pixels', tables.pixels), await upload('mapTiles', tables.tiles), await upload('places', tables.places)]
    const scales = await storageBuffer(device, 'scales', 4 * layout.prunable.length)
    const image = await storageBuffer(device, 'image', 4 * stride * height)
    const colours = await uniformBuffer(device, 'palette', paletteStruct.bytes)
    const { weights } = arena
    const [scale, paint] = await Promise.all([createKernel(device, 'scale', shaders.scale), createKernel(device, 'paint', shaders.paint)])
    const dispatches = [
      scale.bind({ weights, places, scales }, [layout.prunable.length]),
      paint.bind({ palette: colours, pixels, weights, classes, tiles, scales, image }, workgroups(width * height, 256)),
    ]
    return new GpuPainter(device, readback, software, { width, height, stride }, colours, image, [pixels, tiles, places, scales, image, colours], dispatches)
  }

  attach(canvas: OffscreenCanvas): Promise<void> {
    canvas.width = this.size.width
    canvas.height = this.size.height
    this.canvas = canvas
    this.context = this.software ? null : canvas.getContext('webgpu')
    this.context?.configure({ device: this.device, format: 'rgba8unorm', usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT, alphaMode: 'opaque' })
    return Promise.resolve()
  }

  async paint(colours: MapColours): Promise<void> {
    const { canvas, context } = this
    if (!canvas) return
    const { width, height, stride } = this.size
    write(this.device, this.colours, paletteStruct.write(palette(width, height, stride, colours)))
    const encoder = this.device.createCommandEncoder({ label: 'paint' })
    const pass = encoder.beginComputePass()
    encode(pass, this.dispatches)
    pass.end()
    if (context) {
      encoder.copyBufferToTexture({ buffer: this.image, bytesPerRow: 4 * stride }, { texture: context.getCurrentTexture() }, [width, height])
      this.device.queue.submit([encoder.finish()])
      return
    }
    const copy = this.readback.encode(encoder, this.image, 0, 4 * stride * height)
    this.device.queue.submit([encoder.finish()])
    const bytes = await copy.read()
    if (this.canvas === canvas) presentBytes(canvas, new Uint32Array(bytes), stride)
  }

  detach(): void {
    this.context?.unconfigure()
    this.canvas = null
    this.context = null
  }

  dispose(): void {
    this.detach()
    for (const buffer of this.owned) buffer.destroy()
  }
}
