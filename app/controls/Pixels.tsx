import { useEffect, useRef } from 'react'

interface PixelsProps {
  /** Bytes [height, width, 3]. */
  readonly rgb: Uint8Array
  readonly width: number
  readonly height: number
}

/** A small picture by its bytes. */
export function Pixels({ rgb, width, height }: PixelsProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const pixels = new ImageData(width, height)
    for (let i = 0; i < width * height; i++) pixels.data.set([...rgb.subarray(3 * i, 3 * i + 3), 255], 4 * i)
    canvas.current?.getContext('2d')?.putImageData(pixels, 0, 0)
  }, [rgb, width, height])
  return <canvas ref={canvas} width={width} height={height} aria-hidden="true" />
}
