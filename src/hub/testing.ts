/** For tests: the golden models, and what a model here computes with weights that were taken over. */
import { readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { modelOf } from '../config/modelOf'
import type { Bytes } from '../core/host'
import type { KnobValue } from '../core/knob'
import { placeTensors } from '../core/layout'
import type { InputSpec } from '../core/model'
import { headerOf } from '../core/safetensorsHeader'
import type { BackendChoice } from '../core/trainer'
import type { Batch } from '../data/batches'
import { openExecutor } from '../engine/run/runtime'
import { experimentOf } from '../engine/testing'
import { dawn } from '../gpu/testing'
import type { Folder } from './folder'
import { settingsOf } from './settings'
import { openTrained } from './trained'
import { planWeights, type TakeOver } from './weights'

/** A signal that never fires. */
export const untilTheEnd = new AbortController().signal

/** Bytes in memory; `asked` hears of each read. */
export function bytesIn(whole: Uint8Array, asked: (start: number, end: number) => void = () => undefined): Bytes {
  return {
    byteLength: whole.length,
    slice: (start, end = whole.length) => {
      asked(start, end)
      return Promise.resolve(new Uint8Array(whole.subarray(start, end)).buffer)
    },
  }
}

/** A folder on disk. */
export function folderAt(path: string): Folder {
  return (name) => {
    const file = join(path, name)
    return Promise.resolve(existsSync(file) ? bytesIn(new Uint8Array(readFileSync(file))) : null)
  }
}

/** A golden model (scripts/golden_models.py), with other contents for some of its files; null takes one away. */
export function golden(name: string, others: Readonly<Record<string, Uint8Array | string | null>> = {}): Folder {
  const folder = folderAt(join(import.meta.dirname, 'golden', name))
  return (file) => {
    const other = others[file]
    if (other === null) return Promise.resolve(null)
    if (other === undefined) return folder(file)
    return Promise.resolve(bytesIn(typeof other === 'string' ? new TextEncoder().encode(other) : other))
  }
}

/** A golden model's JSON file. */
export function goldenJson(name: string, file: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'golden', name, file), 'utf8'))
}

/** A tensor as it lies in a file. */
export interface RawTensor {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/** The tensors of a golden model, in the order of their bytes. */
export function goldenTensors(name: string): RawTensor[] {
  const file = new Uint8Array(readFileSync(join(import.meta.dirname, 'golden', name, 'model.safetensors')))
  return [...headerOf(file, name).tensors].map(([tensor, { dtype, shape, begin, end }]) => ({
    name: tensor,
    dtype,
    shape,
    bytes: file.slice(begin, end),
  }))
}

/** A safetensors file of tensors of any type. */
export function fileOf(tensors: readonly RawTensor[]): Uint8Array {
  let at = 0
  const rows = tensors.map(({ name, dtype, shape, bytes }) => {
    const begin = at
    at += bytes.length
    return [name, { dtype, shape, data_offsets: [begin, at] }] as const
  })
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(rows)))
  const length = new Uint8Array(new BigUint64Array([BigInt(header.length)]).buffer)
  return Buffer.concat([length, header, ...tensors.map(({ bytes }) => bytes)])
}

/** A tensor of F32 in 16 bits, cut off. */
export function halves({ bytes, ...tensor }: RawTensor, dtype: 'F16' | 'BF16'): RawTensor {
  const words = new Uint32Array(bytes.slice().buffer)
  const short = Uint16Array.from(words, (word) => (dtype === 'BF16' ? word >>> 16 : halfOf(word)))
  return { ...tensor, dtype, bytes: new Uint8Array(short.buffer) }
}

/** A float's bits as those of a half, cut off; its size must be below 65,520. */
function halfOf(word: number): number {
  const [sign, exponent] = [(word >>> 16) & 0x8000, ((word >>> 23) & 0xff) - 112]
  const fraction = (word & 0x7fffff) | 0x800000
  if (exponent <= 0) return sign | (exponent < -10 ? 0 : fraction >>> (14 - exponent))
  return sign | (exponent << 10) | ((word >>> 13) & 0x3ff)
}

/**
 * Logits [examples, classes] of a model here with the weights of a trained one, those that begin anew 0. @param batches
 * of one size
 */
export async function logitsOf(
  folder: Folder,
  input: InputSpec,
  batches: readonly Batch[],
  how: TakeOver,
  { backend = 'webgpu', settings = {}, own = {} }: LogitsOptions = {},
): Promise<Float32Array> {
  const trained = await openTrained(folder)
  const experiment = experimentOf({
    ...settingsOf(trained.shape),
    data: input.task === 'image' ? 'shapes' : 'phrases',
    method: 'dense',
    'training.batch': batches[0]?.labels.length,
    ...settings,
  })
  const layout = placeTensors(modelOf(experiment).tensors(experiment.model.values, input))
  const taken = await planWeights(trained, layout.tensors, how).read(untilTheEnd)
  const weights = new Float32Array(layout.length)
  for (const { name, offset } of layout.tensors) weights.set(own[name] ?? taken.get(name) ?? [], offset)
  const executor = await openExecutor(experiment, input, layout, {
    gpu: backend === 'webgpu' ? dawn() : undefined,
    backend,
    allowSoftware: true,
    wasm: '',
  })
  try {
    await executor.setWeights({ weights, moments: 'fresh' })
    return await executor.evaluate(batches)
  } finally {
    executor.dispose()
  }
}

interface LogitsOptions {
  readonly backend?: BackendChoice
  /** Over those of the trained model. */
  readonly settings?: Readonly<Record<string, KnobValue>>
  /** Weights by name that stand in for the trained ones. */
  readonly own?: Readonly<Record<string, Float32Array>>
}
