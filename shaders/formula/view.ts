/**
 * What a formula sees of one weight, in WGSL and in JavaScript. A kernel binds and reads only what its formulas name,
 * so that formulas over many fields stay within eight storage buffers.
 */
import { bit } from '../../src/core/bits'
import { uniformStruct, type UniformStruct } from '../parts/uniformStruct'

/**
 * The record that formulas see; `WeightView` of src/core/view.ts says what the fields mean. A method's own numbers
 * are added to it.
 */
export interface ViewedWeight {
  readonly w: number
  readonly g: number
  readonly noiseMean: number
  readonly noiseSquare: number
  readonly importance: number
  readonly uniform: number
  readonly fresh: number
  readonly initial: number
  readonly kept: number
  readonly curvature: number
  readonly input: number
  readonly share: number
  readonly fanIn: number
  readonly largest: number
  readonly age: number
  readonly rate: number
  readonly clip: number
  readonly phase: number
}

/** The record with a method's own numbers. */
export type Viewed = ViewedWeight & Readonly<Record<string, number>>

/** A WGSL expression over `x` and `p`, and its JavaScript twin. */
export interface TwinFormula {
  readonly wgsl: string
  js(x: Viewed, p: Readonly<Record<string, unknown>>): number
}

/** How a kernel gets each field, and which storage buffer it needs for it; `control` is there in assignments alone. */
const fields: Readonly<Record<keyof ViewedWeight, { readonly load: string; readonly buffer?: string }>> = {
  w: { load: 'weights[i]', buffer: 'weights' },
  g: { load: 'grads[i]', buffer: 'grads' },
  noiseMean: { load: 'noiseMean[i] * view.noiseMeanCorrection', buffer: 'noiseMean' },
  noiseSquare: { load: 'noiseSquare[i] * view.noiseSquareCorrection', buffer: 'noiseSquare' },
  importance: { load: 'importance[i]', buffer: 'importance' },
  uniform: { load: 'randomUniform(view.seed, view.stream, i)' },
  fresh: { load: 'randomUniform(view.freshSeed, view.stream, i)' },
  initial: { load: 'initial[i]', buffer: 'initial' },
  kept: { load: 'select(0.0, 1.0, bitOf(mask[i >> 5u], i))', buffer: 'mask' },
  curvature: { load: 'curvature[i]', buffer: 'curvature' },
  input: { load: 'input[i]', buffer: 'input' },
  share: { load: 'share[i]', buffer: 'share' },
  fanIn: { load: 'fanIn[i >> 6u]', buffer: 'fanIn' },
  largest: { load: 'largest[i >> 6u]', buffer: 'largest' },
  age: { load: 'view.age' },
  rate: { load: 'view.rate' },
  clip: { load: 'control.clipFactor' },
  phase: { load: 'view.phase' },
}

/** Weights that a score ranks by its formula. */
export type Ranked = 'all' | 'kept' | 'pruned'

/** How kernels are told. */
export const rankedNumbers: Readonly<Record<Ranked, number>> = { all: 0, kept: 1, pruned: 2 }

/** The numbers as WGSL names. */
export const constantsOfRanked =
  `const rankedKept = ${rankedNumbers.kept}u;\n` + `const rankedPruned = ${rankedNumbers.pruned}u;\n`

/** Settings of one use of formulas, apart from the method's knobs. */
export interface ViewSettings {
  /** Floats of the prunable part. */
  readonly length: number
  /**
   * For scores: which weights the formula ranks. Where it ranks the kept ones, pruned weights come last (masks nest);
   * where it ranks the pruned ones, kept weights come first.
   */
  readonly ranked: Ranked
  /** Seed and stream of `x.uniform`; its counter is the weight's flat index. */
  readonly seed: number
  readonly stream: number
  /** Seed of `x.fresh`: differs from step to step. */
  readonly freshSeed: number
  /** Bias corrections of the noise statistics (step.ts, `biasCorrection`). */
  readonly noiseMeanCorrection: number
  readonly noiseSquareCorrection: number
  readonly age: number
  readonly rate: number
  readonly phase: number
}

/** The uniform block `view` of kernels with these number knobs. */
function viewStruct(knobNames: readonly string[]): UniformStruct<string> {
  return uniformStruct('ViewSettings', {
    length: 'u32',
    ranked: 'u32',
    seed: 'u32',
    stream: 'u32',
    freshSeed: 'u32',
    noiseMeanCorrection: 'f32',
    noiseSquareCorrection: 'f32',
    age: 'f32',
    rate: 'f32',
    phase: 'f32',
    ...Object.fromEntries(knobNames.map((name) => [`knob_${name}`, 'f32' as const])),
  })
}

/**
 * Writes the uniform block of kernels with the same knob names: numbers as they are, flags as 1 or 0, all else as NaN.
 */
export function viewUniform(
  settings: ViewSettings,
  knobNames: readonly string[],
  knobs: Readonly<Record<string, unknown>>,
): ArrayBuffer {
  const values = Object.fromEntries(
    knobNames.map((name): [string, number] => {
      const value = knobs[name]
      return [`knob_${name}`, typeof value === 'number' || typeof value === 'boolean' ? Number(value) : Number.NaN]
    }),
  )
  return viewStruct(knobNames).write({ ...settings, ranked: rankedNumbers[settings.ranked], ...values })
}

/** The text of a kernel over formulas: what it binds, and functions that make the view. */
export interface ViewText {
  /** Names of the storage buffers that are bound, own numbers as `own0`, `own1`, `own2`. */
  readonly buffers: readonly string[]
  readonly wgsl: string
}

/**
 * Declares `view`, the buffers that `formulas` name, and `viewOf(i)`. Buffers in `written` are bound read_write, named
 * or not.
 * @param names own numbers, in the order of `own0`, `own1`, ...
 */
export function viewText(
  formulas: readonly string[],
  names: readonly string[],
  knobNames: readonly string[],
  written: readonly string[] = [],
): ViewText {
  const all = formulas.join('\n')
  const named = (name: string) => new RegExp(`\\bx\\s*\\.\\s*${name}\\b`).test(all)
  const loads = [
    ...Object.entries(fields).map(([name, field]) => ({ name, ...field })),
    ...names.map((name, i) => ({ name, load: `own${i}[i]`, buffer: `own${i}` })),
  ].filter(({ name, buffer }) => named(name) || (buffer?.startsWith('own') && written.includes(buffer)))
  const buffers = [...new Set([...loads.flatMap(({ buffer }) => (buffer ? [buffer] : [])), ...written])]
  return {
    buffers,
    wgsl: [viewStruct(knobNames).wgsl, bindings(buffers, written), knobText(knobNames), recordText(loads)].join('\n'),
  }
}

function bindings(buffers: readonly string[], written: readonly string[]): string {
  const declare = (name: string, i: number) =>
    `@group(0) @binding(${i + 1}) var<storage, ${written.includes(name) ? 'read_write' : 'read'}> ${name}: `
    + `array<${elementOf(name)}>;`
  return ['@group(0) @binding(0) var<uniform> view: ViewSettings;', ...buffers.map(declare)].join('\n')
}

function elementOf(buffer: string): string {
  return buffer === 'mask' || buffer === 'scores' ? 'u32' : 'f32'
}

function knobText(knobNames: readonly string[]): string {
  if (knobNames.length === 0) return ''
  return `struct Knobs { ${knobNames.map((name) => `${name}: f32`).join(', ')} }
fn knobs() -> Knobs { return Knobs(${knobNames.map((name) => `view.knob_${name}`).join(', ')}); }`
}

/** A record always has a member, since WGSL has no empty structs. */
function recordText(loads: readonly { readonly name: string; readonly load: string }[]): string {
  return `struct WeightView { nothing: u32${loads.map(({ name }) => `, ${name}: f32`).join('')} }
fn viewOf(i: u32) -> WeightView { return WeightView(0u${loads.map(({ load }) => `, ${load}`).join('')}); }`
}

/** `let p = knobs();` where there are any. */
export function knobsLine(knobNames: readonly string[]): string {
  return knobNames.length === 0 ? '' : '  let p = knobs();\n'
}

/** The buffers that a view in memory reads; own numbers in the order of their names. */
export interface ViewBuffers {
  readonly weights: Float32Array
  readonly grads: Float32Array
  readonly mask: Uint32Array
  readonly noiseMean: Float32Array
  readonly noiseSquare: Float32Array
  readonly importance: Float32Array
  readonly initial?: Float32Array
  readonly curvature?: Float32Array
  readonly input?: Float32Array
  readonly share?: Float32Array
  /** Of each tile of 64 floats (tiles.ts). */
  readonly fanIn?: Float32Array
  readonly largest?: Float32Array
  readonly own: readonly Float32Array[]
}

/** A view of the weight with which `at` was last called. */
export interface MovingView {
  readonly x: Viewed
  at(index: number): void
}

/**
 * The JavaScript side of `viewOf`: one object whose fields read the buffers.
 * @param uniform hash of (seed, counter) to [0, 1): src/core/random.ts with the settings' stream
 * @param clip what the step's gradient is clipped by
 */
export function movingView(
  b: ViewBuffers,
  names: readonly string[],
  s: ViewSettings,
  uniform: (seed: number, counter: number) => number,
  clip = 1,
): MovingView {
  let i = 0
  const x: ViewedWeight = {
    get w() {
      return b.weights[i] as number
    },
    get g() {
      return b.grads[i] as number
    },
    get noiseMean() {
      return Math.fround((b.noiseMean[i] as number) * Math.fround(s.noiseMeanCorrection))
    },
    get noiseSquare() {
      return Math.fround((b.noiseSquare[i] as number) * Math.fround(s.noiseSquareCorrection))
    },
    get importance() {
      return b.importance[i] as number
    },
    get uniform() {
      return uniform(s.seed, i)
    },
    get fresh() {
      return uniform(s.freshSeed, i)
    },
    get initial() {
      return b.initial?.[i] ?? 0
    },
    get kept() {
      return bit(b.mask, i) ? 1 : 0
    },
    get curvature() {
      return b.curvature?.[i] ?? 0
    },
    get input() {
      return b.input?.[i] ?? 0
    },
    get share() {
      return b.share?.[i] ?? 0
    },
    get fanIn() {
      return b.fanIn?.[i >>> 6] ?? 0
    },
    get largest() {
      return b.largest?.[i >>> 6] ?? 0
    },
    age: s.age,
    rate: s.rate,
    clip,
    phase: Math.fround(s.phase),
  }
  names.forEach((name, k) => Object.defineProperty(x, name, { get: () => b.own[k]?.[i] ?? 0 }))
  return {
    x: x as Viewed,
    at: (index) => {
      i = index
    },
  }
}
