import flat from './flat.wgsl?raw'
import random from './random.wgsl?raw'
import rank from './rank.wgsl?raw'
import main from './score.wgsl?raw'
import { bit } from './bits'
import { uniformStruct, type UniformStruct } from './uniformStruct'

/** What a formula sees of one weight; the same record as `WeightView` of src/core/method.ts. */
export interface ScoredWeight {
  readonly w: number
  readonly g: number
  readonly noiseMean: number
  readonly noiseSquare: number
  readonly importance: number
  readonly uniform: number
}

/** Settings of one scoring beside the method's knobs. */
export interface ScoreSettings {
  /** Floats of the prunable part. */
  readonly length: number
  /** Already pruned weights rank below everything, so that masks nest. */
  readonly nested: boolean
  /** Seed and stream of `x.uniform`; its counter is the weight's flat index. */
  readonly seed: number
  readonly stream: number
  /** Bias corrections of the noise statistics (step.ts, `biasCorrection`). */
  readonly noiseMeanCorrection: number
  readonly noiseSquareCorrection: number
}

/** The bits of the score that nested masks give to pruned weights: a NaN that no formula can make. */
export const prunedScore = 0xffffffff

/** How the kernel gets each field of `WeightView`, in the order of its members. */
const loads = {
  w: 'weights[i]',
  g: 'grads[i]',
  noiseMean: 'noiseMean[i] * scoring.noiseMeanCorrection',
  noiseSquare: 'noiseSquare[i] * scoring.noiseSquareCorrection',
  importance: 'importance[i]',
  uniform: 'randomUniform(scoring.seed, scoring.stream, i)',
} as const

/**
 * The kernel of a formula.
 * @param formula WGSL expression over `x.w`, `x.g`, ... and `p.<knob>`; what it does not name is not read
 * @param knobNames number knobs, in the order of the uniform
 */
export function scoreKernel(formula: string, knobNames: readonly string[]): string {
  const fields = Object.entries(loads).map(([field, load]) => (new RegExp(`\\bx\\s*\\.\\s*${field}\\b`).test(formula) ? load : '0.0'))
  const knobs = knobNames.length === 0 ? '' : `struct Knobs { ${knobNames.map((name) => `${name}: f32`).join(', ')} }\n`
  const p = knobNames.length === 0 ? '' : `  let p = Knobs(${knobNames.map((name) => `scoring.knob_${name}`).join(', ')});\n`
  return [
    scoring(knobNames).wgsl, knobs, flat, random, rank, main,
    `fn viewOf(i: u32) -> WeightView {\n  return WeightView(${fields.join(', ')});\n}\n`,
    `fn formula(x: WeightView) -> f32 {\n${p}  return ${formula};\n}\n`,
  ].join('\n')
}

/** The uniform block `scoring` of a score kernel made with the same knob names. */
export function scoreUniform(settings: ScoreSettings, knobNames: readonly string[], knobs: Readonly<Record<string, number>>): ArrayBuffer {
  const values = Object.fromEntries(knobNames.map((name) => [`knob_${name}`, knobs[name] ?? Number.NaN]))
  return scoring(knobNames).write({ ...settings, nested: settings.nested ? 1 : 0, ...values })
}

function scoring(knobNames: readonly string[]): UniformStruct<string> {
  return uniformStruct('Scoring', {
    length: 'u32', nested: 'u32', seed: 'u32', stream: 'u32', noiseMeanCorrection: 'f32', noiseSquareCorrection: 'f32',
    ...Object.fromEntries(knobNames.map((name) => [`knob_${name}`, 'f32' as const])),
  })
}

export interface ScoreBuffers {
  readonly weights: Float32Array
  readonly grads: Float32Array
  readonly mask: Uint32Array
  readonly noiseMean: Float32Array
  readonly noiseSquare: Float32Array
  readonly importance: Float32Array
  /** Float32 scores as bits. */
  readonly scores: Uint32Array
}

/** Twin of the score kernel. @param uniform `x.uniform` of a flat index (src/core/random.ts with the settings' seed and stream) */
export function score(
  b: ScoreBuffers, formula: (x: ScoredWeight) => number, s: ScoreSettings, uniform: (index: number) => number,
): void {
  const values = new Float32Array(b.scores.buffer, b.scores.byteOffset, b.scores.length)
  const x = { w: 0, g: 0, noiseMean: 0, noiseSquare: 0, importance: 0, get uniform() { return uniform(index) } }
  let index = 0
  for (; index < s.length; index++) {
    if (s.nested && !bit(b.mask, index)) {
      b.scores[index] = prunedScore
      continue
    }
    x.w = b.weights[index] as number
    x.g = b.grads[index] as number
    x.noiseMean = Math.fround((b.noiseMean[index] as number) * s.noiseMeanCorrection)
    x.noiseSquare = Math.fround((b.noiseSquare[index] as number) * s.noiseSquareCorrection)
    x.importance = b.importance[index] as number
    values[index] = formula(x)
    if (b.scores[index] === prunedScore) b.scores[index] = 0x7fc00000
  }
}
