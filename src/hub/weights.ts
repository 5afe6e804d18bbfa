/** From the tensors of a trained model to those of a model here. */
import { count } from '../core/figures'
import type { TensorSpec } from '../core/model'
import { Problem } from '../core/problem'
import { bertNames } from './names/bert'
import type { Names, Row } from './names/row'
import { timmNames } from './names/timm'
import { vitNames } from './names/vit'
import { epsilons, type Shape } from './shape'
import type { Trained } from './trained'

/** How a trained model is taken over. */
export interface TakeOver {
  /** Row of the token table for each id here (`TrainedVocabulary.rows`); the table's own order where left out. */
  readonly tokens?: Int32Array
  /** `stored`: the head is taken over, too; `new`: it keeps its initial weights, whatever the files hold. */
  readonly head: 'stored' | 'new'
}

/** What will be read, checked by names and shapes. Names of `fresh` and of the weights are those here. */
export interface Plan {
  /** Tensors that keep their initial weights. */
  readonly fresh: readonly string[]
  /** Tensors of the files that are left out, by their names there. */
  readonly left: readonly string[]
  /** How much will be read. */
  readonly bytes: number
  /** What is taken over, as a sentence. */
  readonly text: string
  /** The weights by name. @throws Problem as `TensorFiles.read` */
  read(signal: AbortSignal): Promise<ReadonlyMap<string, Float32Array<ArrayBuffer>>>
}

/** A tensor here, and where it is stored. */
interface Pair extends Row {
  readonly shape: readonly number[]
  readonly stored: string
}

const otherModel = 'Take another model, or fetch its files again.'

/**
 * Finds every tensor of a model here among those of a trained one. It may have fewer blocks.
 * @param specs as `Model.tensors` lists them
 * @throws Problem that names a tensor which is missing, of another shape, or of no known use
 */
export function planWeights({ shape, tensors }: Trained, specs: readonly TensorSpec[], how: TakeOver): Plan {
  const names = namesOf(shape, specs, how)
  const stored = plainNames(names, tensors.shapes.keys())
  const fresh = specs.filter(({ name }) => isFresh(name, names, stored, how)).map(({ name }) => name)
  const pairs = specs.filter(({ name }) => !fresh.includes(name)).map((spec) => pairOf(spec, names, stored))
  for (const pair of pairs) requireShape(pair, tensors.shapes.get(pair.stored) ?? [])
  const taken = new Set(pairs.map((pair) => pair.stored))
  const left = [...stored].filter(([, name]) => !taken.has(name))
  const used = depthOf(specs)
  for (const [plain, name] of left) requireSpare(plain, name, names, used, shape.depth)
  return {
    fresh,
    left: left.map(([, name]) => name),
    bytes: tensors.bytesOf(taken),
    text: `${textOf(specs, fresh, left.length, used, shape.depth)}${epsilonNote(shape)}`,
    async read(signal) {
      const values = await tensors.read(taken, signal)
      return new Map(
        pairs.map(({ ours, form, stored, shape }) => [
          ours,
          form.read(values.get(stored) ?? new Float32Array(), shape, tensors.shapes.get(stored) ?? []),
        ]),
      )
    },
  }
}

/** Of so many blocks as the model here has: a damaged file may tell of any number. */
function namesOf(shape: Shape, specs: readonly TensorSpec[], { tokens }: TakeOver): Names {
  const depth = depthOf(specs)
  if (shape.family === 'bert') return bertNames({ depth }, tokens)
  const classToken = specs.some(({ name }) => name === 'token')
  return shape.naming === 'timm'
    ? timmNames({ ...shape, depth }, classToken)
    : vitNames({ ...shape, depth }, classToken)
}

/** Stored names by their plain ones. @throws Problem where two tensors have the same */
function plainNames(names: Names, all: Iterable<string>): Map<string, string> {
  const stored = new Map<string, string>()
  for (const name of all) {
    const plain = names.plain(name)
    const other = stored.get(plain)
    if (other !== undefined)
      throw new Problem(`The model has both "${other}" and "${name}", which are the same tensor.`, otherModel)
    stored.set(plain, name)
  }
  return stored
}

/** The head where it shall be new, and a pooler that the files lack. */
function isFresh(name: string, names: Names, stored: ReadonlyMap<string, string>, { head }: TakeOver): boolean {
  if (name.startsWith('head/')) return head === 'new'
  const lacks = (row: Row) => !stored.has(row.theirs)
  return name.startsWith('pooler/') && names.rows.filter(({ ours }) => ours.startsWith('pooler/')).every(lacks)
}

function pairOf({ name, shape }: TensorSpec, { rows }: Names, stored: ReadonlyMap<string, string>): Pair {
  const row = rows.find(({ ours }) => ours === name)
  if (!row)
    throw new Problem(
      `The trained model has nothing for the tensor "${name}" [${shape.join(', ')}].`,
      'Set the knobs of the model to its sizes, with one expert and no more blocks than it has.',
    )
  const found = stored.get(row.theirs)
  if (found === undefined)
    throw new Problem(
      `The model's files have no tensor "${row.theirs}", from which "${name}" [${shape.join(', ')}] would be read.`,
      otherModel,
    )
  return { ...row, shape, stored: found }
}

function requireShape({ ours, form, shape, stored }: Pair, found: readonly number[]): void {
  const wanted = form.there(shape)
  if (form.fits?.(found, shape) ?? found.join() === wanted.join()) return
  throw new Problem(
    `Tensor "${stored}" has the shape [${found.join(', ')}]; "${ours}" needs [${wanted.join(', ')}] there.`,
    'Set the knobs of model and data to the sizes of the trained model, or take another one.',
  )
}

function requireSpare(plain: string, name: string, names: Names, used: number, depth: number): void {
  const block = names.block(plain)
  if (block >= 0 ? block >= used && block < depth : names.spare(plain)) return
  throw new Problem(
    `The model has a tensor "${name}" that no part of a model here reads.`,
    `Without it, it would be another model. ${otherModel}`,
  )
}

function depthOf(specs: readonly TensorSpec[]): number {
  return specs.reduce((most, { name }) => Math.max(most, Number(/^block(\d+)\//.exec(name)?.[1] ?? -1) + 1), 0)
}

function textOf(
  specs: readonly TensorSpec[],
  fresh: readonly string[],
  left: number,
  used: number,
  depth: number,
): string {
  const weights = specs
    .filter(({ name }) => !fresh.includes(name))
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
  const blocks = used === depth ? `all ${depth}` : `the first ${used} of ${depth}`
  const parts = [...new Set(fresh.map((name) => `the ${name.split('/')[0]}`))]
  const news = parts.length ? `; ${parts.join(' and ')} ${parts.length > 1 ? 'are' : 'is'} new` : ''
  const rest = left ? `; ${count(left)} of its tensors are not used` : ''
  return `${count(weights)} weights, with ${blocks} of its blocks${news}${rest}.`
}

/** Layer norms here have an epsilon of their own. */
function epsilonNote({ family, epsilon }: Shape): string {
  const own = epsilons[family]
  return epsilon === own ? '' : ` Its layer norms add ${epsilon} to the variance, those here ${own}.`
}
