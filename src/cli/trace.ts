import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { setBit } from '../core/bits'
import { placeTensors, type Layout } from '../core/layout'
import { Problem } from '../core/problem'
import { headerLength, readHeader, type SafetensorsHeader, type StoredTensor } from '../core/safetensorsHeader'

/** An open safetensors file. Tensors are read one by one, so that a long trace needs memory for one step only. */
export interface TensorFile extends SafetensorsHeader {
  readonly path: string
  /** Values of an F32 tensor. @throws Problem that names the tensor, when it is missing or of another type */
  floats(name: string): Float32Array
  /** Values of a U8 tensor. @throws Problem likewise */
  bytes(name: string): Uint8Array
  close(): void
}

/** Opens a file and checks its header. @throws Problem */
export function openTensorFile(path: string): TensorFile {
  const file = opened(path)
  const read = (begin: number, end: number) => {
    const bytes = new Uint8Array(end - begin)
    readSync(file, bytes, 0, bytes.length, begin)
    return bytes
  }
  try {
    const { size } = fstatSync(file)
    const length = headerLength(read(0, Math.min(8, size)), size, path)
    const header = readHeader(read(8, 8 + length), size, path)
    const tensor = (name: string, dtype: 'F32' | 'U8') => {
      const { begin, end } = typed(header, path, name, dtype)
      return read(begin, end)
    }
    return {
      ...header,
      path,
      close: () => closeSync(file),
      floats: (name) => new Float32Array(tensor(name, 'F32').buffer),
      bytes: (name) => tensor(name, 'U8'),
    }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'r')
  } catch {
    throw new Problem(
      `${path} cannot be read.`,
      'Name a safetensors file with a recorded run; docs/replay.md says how to make one.',
    )
  }
}

function typed({ tensors }: SafetensorsHeader, path: string, name: string, dtype: 'F32' | 'U8'): StoredTensor {
  const tensor = tensors.get(name)
  if (!tensor) throw new Problem(`${path} has no tensor "${name}".`, 'docs/replay.md lists what a trace holds.')
  if (tensor.dtype !== dtype) {
    throw new Problem(
      `Tensor "${name}" of ${path} is ${tensor.dtype}, not ${dtype}.`,
      `Convert it before saving: tensor.${dtype === 'F32' ? 'float()' : 'to(torch.uint8)'}.`,
    )
  }
  const bytes = tensor.shape.reduce((a, b) => a * b, 1) * (dtype === 'F32' ? 4 : 1)
  if (tensor.end - tensor.begin === bytes) return tensor
  throw new Problem(
    `Tensor "${name}" of ${path} has ${tensor.end - tensor.begin} bytes; `
      + `its shape [${tensor.shape.join(', ')}] needs ${bytes}.`,
    'Write the file again.',
  )
}

/** A recorded run, laid out as the engine lays out a model: ties go to the tensor that comes first. */
export interface Trace {
  readonly layout: Layout
  readonly steps: number
  /** Weights before the first step; where the file has none, those after it. */
  readonly initial: Float32Array
  /** Mask to start from, if the file has one. */
  readonly mask?: Uint32Array
  /**
   * One kind of a step's tensors (`w`, `g`, ...), [layout.length]. @throws Problem that names a tensor that is missing
   * or not finite
   */
  read(step: number, kind: string): Float32Array
  /** Whether the first step has tensors of this kind. */
  has(kind: string): boolean
  /**
   * Learning rate of a step, from the metadata `rate` (a number, or one a step with commas between); undefined without.
   */
  rate(step: number): number | undefined
}

/** Six digits or more, then the kind, then the name, which may contain slashes. */
const stepName = /^(\d{6,})\/w\/(.+)$/

/** Name of a step's tensor. */
export function stepTensor(step: number, kind: string, name: string): string {
  return `${String(step).padStart(6, '0')}/${kind}/${name}`
}

/** Reads a file as a trace. @throws Problem that names what is missing */
export function readTrace(file: TensorFile): Trace {
  const layout = layoutOf(file)
  const steps = stepsOf(file)
  const read = (prefix: string) => gathered(file, layout, prefix)
  const mask = masked(file, layout)
  const initial = file.tensors.has(`initial/w/${layout.tensors[0]?.name}`) ? 'initial/w/' : stepTensor(0, 'w', '')
  const rates = ratesOf(file, steps)
  return {
    layout,
    steps,
    initial: read(initial),
    ...(mask ? { mask } : {}),
    read: (step, kind) => read(stepTensor(step, kind, '')),
    has: (kind) => file.tensors.has(stepTensor(0, kind, layout.tensors[0]?.name ?? '')),
    rate: (step) => (rates.length === 1 ? rates[0] : rates[step]),
  }
}

function layoutOf({ tensors, metadata, path }: TensorFile): Layout {
  const listed = metadata.prunable
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  const first = [...tensors.keys()].flatMap((name) => (name.startsWith('000000/w/') ? [name.slice(9)] : []))
  const names = listed?.length ? listed : first
  if (names.length === 0) {
    throw new Problem(
      `${path} has no tensor "000000/w/<name>".`,
      'Record weights and gradients of every step; docs/replay.md says how.',
    )
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice) throw new Problem(`The metadata "prunable" of ${path} names "${twice}" twice.`, 'Name every tensor once.')
  return placeTensors(
    names.map((name) => {
      const tensor = tensors.get(stepTensor(0, 'w', name))
      if (!tensor) {
        throw new Problem(
          `${path} has no tensor "${stepTensor(0, 'w', name)}", which its metadata "prunable" asks for.`,
          `Its first step holds ${first.join(', ') || 'none'}.`,
        )
      }
      return { name, shape: tensor.shape, init: { kind: 'constant', value: 0 }, prunable: true, decay: true }
    }),
  )
}

/** Steps are numbered from 0 without holes. */
function stepsOf({ tensors, path }: TensorFile): number {
  const numbers = [...tensors.keys()].map((name) => stepName.exec(name)?.[1])
  const found = new Set(numbers.filter((step) => step !== undefined).map(Number))
  for (let step = 0; step < found.size; step++) {
    if (!found.has(step)) {
      throw new Problem(
        `${path} has ${found.size} steps, but not step ${stepTensor(step, 'w', '').slice(0, -3)}.`,
        'Number steps from 000000 without holes.',
      )
    }
  }
  return found.size
}

function gathered(file: TensorFile, layout: Layout, prefix: string): Float32Array {
  const all = new Float32Array(layout.length)
  for (const { name, shape, offset } of layout.tensors) {
    const values = file.floats(prefix + name)
    sameShape(file, prefix + name, shape)
    const wrong = values.findIndex((value) => !Number.isFinite(value))
    if (wrong >= 0) {
      throw new Problem(
        `Tensor "${prefix}${name}" of ${file.path} is ${values[wrong]} at ${wrong}.`,
        'A run halts at the first number that is not finite; record only the steps before it.',
      )
    }
    all.set(values, offset)
  }
  return all
}

function masked(file: TensorFile, layout: Layout): Uint32Array | undefined {
  if (!layout.tensors.some(({ name }) => file.tensors.has(`initial/mask/${name}`))) return undefined
  const words = new Uint32Array(layout.prunableLength / 32)
  for (const { name, shape, offset } of layout.tensors) {
    const mask = file.bytes(`initial/mask/${name}`)
    sameShape(file, `initial/mask/${name}`, shape)
    mask.forEach((kept, k) => {
      if (kept) setBit(words, offset + k, true)
    })
  }
  return words
}

function sameShape({ tensors, path }: TensorFile, name: string, shape: readonly number[]): void {
  const found = tensors.get(name)?.shape ?? []
  if (found.join() === shape.join()) return
  throw new Problem(
    `Tensor "${name}" of ${path} has the shape [${found.join(', ')}]; `
      + `the weights of the first step have [${shape.join(', ')}].`,
    'Record the same tensors at every step.',
  )
}

function ratesOf({ metadata, path }: TensorFile, steps: number): number[] {
  if (metadata.rate === undefined) return []
  // Number('') is 0: one comma too many would mean a rate of 0.
  const rates = metadata.rate.split(',').map((entry) => (entry.trim() === '' ? NaN : Number(entry)))
  if (rates.every(Number.isFinite) && (rates.length === 1 || rates.length === steps)) return rates
  throw new Problem(
    `The metadata "rate" of ${path} is "${metadata.rate.slice(0, 60)}".`,
    `Give one learning rate, or ${steps} with commas between.`,
  )
}
