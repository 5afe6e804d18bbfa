/** The tensors of a trained model: headers are read at once, numbers when they are asked for. */
import type { Bytes } from '../core/host'
import { isRecord } from '../core/isRecord'
import { Problem } from '../core/problem'
import { headerLength, readHeader, type SafetensorsHeader, type StoredTensor } from '../core/safetensorsHeader'
import { bytesOfType, floatsOf } from './floats'
import { recordOf, type Folder } from './folder'

/** Every tensor of a model, in one file or in several. */
export interface TensorFiles {
  /** Free texts by key, of a model in one file. */
  readonly metadata: Readonly<Record<string, string>>
  /** Shapes by name. */
  readonly shapes: ReadonlyMap<string, readonly number[]>
  /** Bytes that `read` fetches for these tensors, a shared one counted once. */
  bytesOf(names: Iterable<string>): number
  /**
   * Numbers of these tensors by name.
   * @throws Problem that names a tensor of a type that is not read, or one with a number that is not finite
   */
  read(names: Iterable<string>, signal: AbortSignal): Promise<ReadonlyMap<string, Float32Array<ArrayBuffer>>>
}

/** A tensor and the file that holds it. */
interface Held extends StoredTensor {
  readonly name: string
  readonly file: string
  readonly bytes: Bytes
}

const single = 'model.safetensors'
const list = `${single}.index.json`

/** Most headers are shorter: one read fetches them. */
const firstRead = 1 << 16
/** Tensors that lie no farther from each other than this are fetched by one read. */
const smallGap = 1 << 12
/** A joined read ends here, so that its copy does not double the memory of a large model. */
const longestRead = 1 << 26

/** Opens the tensors of a model. @throws Problem when it has none as safetensors, or a header is damaged */
export async function openTensors(folder: Folder): Promise<TensorFiles> {
  const whole = await folder(single)
  const { tensors: held, metadata } = whole
    ? await tensorsOf(single, whole)
    : { tensors: await shards(folder), metadata: {} }
  const byName = new Map(held.map((tensor) => [tensor.name, tensor]))
  const chosen = (names: Iterable<string>) =>
    [...new Set(names)].flatMap((name) => byName.get(name) ?? []).sort((a, b) => order(a, b))
  return {
    metadata,
    shapes: new Map(held.map(({ name, shape }) => [name, shape])),
    bytesOf: (names) => chosen(names).reduce((sum, { begin, end }) => sum + end - begin, 0),
    async read(names, signal) {
      const wanted = chosen(names)
      wanted.forEach(requireReadable)
      const values = new Map<string, Float32Array<ArrayBuffer>>()
      for (const run of runsOf(wanted)) {
        signal.throwIfAborted()
        for (const [name, floats] of await readRun(run)) values.set(name, floats)
      }
      return values
    },
  }
}

/** The files that an index names. */
async function shards(folder: Folder): Promise<Held[]> {
  const index = await recordOf(folder, list)
  if (!index) {
    throw new Problem(
      `The model has neither ${single} nor ${list}.`,
      'Only safetensors is read. Take a repository that has it, such as sentence-transformers/all-MiniLM-L6-v2, or '
        + "write it with transformers: AutoModel.from_pretrained(name).save_pretrained('folder').",
    )
  }
  const map = Object.entries(isRecord(index['weight_map']) ? index['weight_map'] : {})
  const files = new Map<string, readonly Held[]>()
  for (const file of new Set(map.map(([, file]) => String(file)))) {
    const bytes = await folder(file)
    if (!bytes) throw new Problem(`${list} names the file ${file}, which is not there.`, 'Add it to the others.')
    files.set(file, (await tensorsOf(file, bytes)).tensors)
  }
  return map.map(([name, file]) => {
    const found = files.get(String(file))?.find((tensor) => tensor.name === name)
    if (found) return found
    throw new Problem(
      `${list} says that ${String(file)} has the tensor "${name}", but it has none.`,
      'Fetch both again.',
    )
  })
}

async function tensorsOf(
  file: string,
  bytes: Bytes,
): Promise<Pick<SafetensorsHeader, 'metadata'> & { tensors: Held[] }> {
  const { tensors, metadata } = await headerOf(file, bytes)
  return { metadata, tensors: [...tensors].map(([name, tensor]) => ({ ...tensor, name, file, bytes })) }
}

async function headerOf(file: string, bytes: Bytes): Promise<SafetensorsHeader> {
  const first = new Uint8Array(await bytes.slice(0, Math.min(firstRead, bytes.byteLength)))
  const end = 8 + headerLength(first, bytes.byteLength, file)
  const header = end <= first.length ? first.subarray(8, end) : new Uint8Array(await bytes.slice(8, end))
  return readHeader(header, bytes.byteLength, file)
}

function order(a: Held, b: Held): number {
  return a.file === b.file ? a.begin - b.begin : a.file < b.file ? -1 : 1
}

function requireReadable({ name, file, dtype, shape, begin, end }: Held): void {
  const each = bytesOfType(dtype)
  if (each === undefined)
    throw new Problem(
      `Tensor "${name}" of ${file} holds ${dtype}; F32, F16 and BF16 are read.`,
      'Save the model as one of these: model.float().save_pretrained(folder).',
    )
  const needed = shape.reduce((a, b) => a * b, 1) * each
  if (needed !== end - begin)
    throw new Problem(
      `Tensor "${name}" of ${file} has ${end - begin} bytes; its shape [${shape.join(', ')}] needs ${needed}.`,
      'Write the file again.',
    )
}

/** Tensors in the order of their bytes, those that one read fetches together. */
function runsOf(tensors: readonly Held[]): Held[][] {
  const runs: Held[][] = []
  for (const tensor of tensors) {
    const run = runs.at(-1)
    const [first, last] = [run?.[0], run?.at(-1)]
    const joins =
      first
      && last
      && last.file === tensor.file
      && tensor.begin - last.end <= smallGap
      && tensor.end - first.begin <= longestRead
    if (joins) run?.push(tensor)
    else runs.push([tensor])
  }
  return runs
}

async function readRun(run: readonly Held[]): Promise<(readonly [string, Float32Array<ArrayBuffer>])[]> {
  const [first, last] = [run[0], run.at(-1)]
  if (!first || !last) return []
  const fetched = await first.bytes.slice(first.begin, last.end)
  return run.map(({ name, file, dtype, begin, end }) => {
    const floats = floatsOf(fetched.slice(begin - first.begin, end - first.begin), dtype)
    const wrong = floats.findIndex((value) => !Number.isFinite(value))
    if (wrong < 0) return [name, floats]
    throw new Problem(
      `Tensor "${name}" of ${file} is ${floats[wrong]} at ${wrong}.`,
      'A model cannot start from numbers that are not finite; take another file of it.',
    )
  })
}
