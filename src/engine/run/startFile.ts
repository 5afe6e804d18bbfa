import { safetensorsFile } from '../../core/safetensors'
import { headerOf } from '../../core/safetensorsHeader'

/** A tensor that was learnt. */
export interface Learnt {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** Losses of what was learnt; at most so many are kept. */
const mostPoints = 400

/** Weights that were learnt before a task, as they are kept. */
export interface KeptStart {
  readonly tensors: readonly Learnt[]
  readonly losses: readonly { readonly step: number; readonly loss: number }[]
}

/** The weights as a safetensors file. */
export function startFile({ tensors, losses }: KeptStart): Uint8Array<ArrayBuffer> {
  const every = Math.max(1, Math.ceil(losses.length / mostPoints))
  const points = losses.filter((_, i) => (i + 1) % every === 0 || i === losses.length - 1)
  return safetensorsFile(tensors, { losses: JSON.stringify(points.map(({ step, loss }) => [step, loss])) })
}

/** Reads it again; null where the file is damaged, for it can be made again. */
export function readStart(file: Uint8Array<ArrayBuffer>): KeptStart | null {
  try {
    const { tensors, metadata } = headerOf(file, 'the kept weights')
    const points = JSON.parse(metadata.losses ?? '[]') as readonly [number, number][]
    return {
      tensors: [...tensors].map(([name, { shape, begin, end }]) => ({
        name,
        shape,
        values: new Float32Array(file.slice(begin, end).buffer),
      })),
      losses: points.map(([step, loss]) => ({ step, loss })),
    }
  } catch {
    return null
  }
}
