/**
 * Linear layers: one product of matrices in three roles (forward, gradient of the input, gradient of the parameters),
 * each under any schedule. A role says where its operands lie and what happens to a result; a schedule says which
 * thread adds up what.
 */
import flat from '../parts/flat.wgsl?raw'
import random from '../parts/random.wgsl?raw'
import { uniformStruct } from '../parts/uniformStruct'
import addedText from './parts/added.wgsl?raw'
import linearDropoutText from './parts/linearDropout.wgsl?raw'
import linearForwardText from './parts/linearForward.wgsl?raw'
import linearGeluText from './parts/linearGelu.wgsl?raw'
import linearGradientText from './linearGradient.wgsl?raw'
import linearInputText from './parts/linearInput.wgsl?raw'
import linearMaskedText from './parts/linearMasked.wgsl?raw'
import linearOutputGradText from './parts/linearOutputGrad.wgsl?raw'
import linearResidualText from './parts/linearResidual.wgsl?raw'
import linearSlopeText from './parts/linearSlope.wgsl?raw'
import linearSlopedText from './parts/linearSloped.wgsl?raw'
import linearText from './parts/linear.wgsl?raw'
import linearWeightsText from './parts/linearWeights.wgsl?raw'
import normalCdfText from './parts/normalCdf.wgsl?raw'
import productBlockText from './parts/productBlock.wgsl?raw'
import productDoubledMemoryText from './parts/productDoubledMemory.wgsl?raw'
import productDoubledText from './parts/productDoubled.wgsl?raw'
import productMemoryText from './parts/productMemory.wgsl?raw'
import productOneText from './productOne.wgsl?raw'
import productRegistersText from './parts/productRegisters.wgsl?raw'
import productResultsText from './parts/productResults.wgsl?raw'
import productSharedText from './parts/productShared.wgsl?raw'
import productStoreText from './parts/productStore.wgsl?raw'
import sumSlicesText from './sumSlices.wgsl?raw'
import { stored, type Stored } from './stored'
import { constants, specialise } from './unroll'

/**
 * How a product is cut. A thread holds tileRows x tileColumns sums, a workgroup has lanes x layers threads; with
 * `depth`, it shares blocks of so many terms of its sums.
 */
export interface Schedule {
  readonly tileRows: number
  readonly tileColumns: number
  readonly lanes: number
  readonly layers: number
  readonly depth?: number
  /** With two copies of each block, and columns in fours: `tileColumns` is a multiple of four then. */
  readonly doubled?: boolean
}

/** How a product stores numbers. */
export type ProductNumbers = Stored & Required<Pick<Stored, 'factors'>>

const u32 = 'u32' as const

/**
 * Sizes of up to three layers that share x [rows, fanIn]: their outputs lie beside each other in rows of `width`.
 * Starts count floats from the beginning of the binding; `maskStart` counts words. Gradients of parameters lie in
 * slices `gradStride` floats apart.
 */
export const linearShape = uniformStruct('Shape', {
  rows: u32,
  fanIn: u32,
  fanOut: u32,
  width: u32,
  sliceRows: u32,
  maskStart: u32,
  weights0: u32,
  weights1: u32,
  weights2: u32,
  bias0: u32,
  bias1: u32,
  bias2: u32,
  weightsGrad0: u32,
  weightsGrad1: u32,
  weightsGrad2: u32,
  biasGrad0: u32,
  biasGrad1: u32,
  biasGrad2: u32,
  gradStride: u32,
  stream: u32,
  threshold: u32,
  kept: 'f32',
})

/** What follows the sum, in this order. */
export interface Epilogue {
  /** 'kept': with its slope stored for the gradient. */
  readonly gelu: 'kept' | 'alone' | null
  readonly dropout: boolean
  readonly residual: boolean
}

const passed = (name: string) => `fn ${name}(index: u32, value: f32) -> f32 { return value; }\n`
const nothingKept = 'fn keep(index: u32, value: f32) {}\n'
const plainWeights = 'fn weightAt(index: u32) -> f32 { return weights[index]; }\n'
const shared = linearShape.wgsl + linearText

/** outputs = x weights + biases, then the epilogue. */
export function linearForward({ gelu, dropout, residual }: Epilogue, masked: boolean): string {
  return (
    shared
    + linearForwardText
    + (masked ? linearMaskedText : plainWeights)
    + (gelu ? normalCdfText + (gelu === 'kept' ? linearSlopeText : nothingKept) + linearGeluText : passed('activated'))
    + (dropout ? random + linearDropoutText : passed('dropped'))
    + (residual ? linearResidualText : passed('added'))
  )
}

/** `added(index, value)` of a kernel whose result may be the sum with another gradient of the same tensor. */
export function addition(added: boolean): string {
  return added ? addedText : passed('added')
}

/** How the gradient of x ends: with another gradient of the same tensor added, then times a slope. */
export interface InputEnding {
  readonly added: boolean
  readonly sloped: boolean
}

const outputGrad = shared + linearOutputGradText

/** Gradient of x. */
export function linearInput(masked: boolean, { added, sloped }: InputEnding): string {
  return (
    linearInputText
    + (masked ? linearMaskedText : plainWeights)
    + addition(added)
    + (sloped ? linearSlopedText : passed('sloped'))
  )
}

/** Gradients of weights and biases. */
export const linearWeights = linearWeightsText

/** A role under a schedule, for specialised sizes of tiles. */
export function product(role: string, schedule: Schedule, numbers: ProductNumbers): string {
  return specialised(role + loopOf(schedule) + productOneText, schedule, numbers)
}

/** Gradients of a linear layer under a schedule, in one dispatch. */
export function linearGradient(
  roles: { readonly input?: string; readonly weights?: string },
  schedule: Schedule,
  numbers: ProductNumbers,
): string {
  const { input, weights } = roles
  if (input === undefined || weights === undefined)
    return product(outputGrad + (input ?? weights ?? ''), schedule, numbers)
  const loop = loopOf(schedule)
  const both = renamed(input + loop, 'Input') + renamed(weights + loop, 'Weights')
  return specialised(outputGrad + both + linearGradientText, schedule, numbers)
}

function loopOf({ depth, doubled }: Schedule): string {
  if (doubled) return productDoubledText + productStoreText
  return (depth === undefined ? productRegistersText : productSharedText) + productResultsText + productStoreText
}

function specialised(text: string, { depth, doubled, ...tile }: Schedule, numbers: ProductNumbers): string {
  const memory =
    depth === undefined ? '' : constants({ depth }) + (doubled ? productDoubledMemoryText : productMemoryText)
  const fours = doubled ? { fours: tile.tileColumns / 4 } : {}
  return stored(numbers) + specialise(productBlockText + memory + text, { ...tile, ...fours })
}

/** A text whose functions and constants have a word after their names, so that two such texts fit into one module. */
function renamed(text: string, suffix: string): string {
  const names = [...text.matchAll(/^(?:fn|const) (\w+)/gm)].map(([, name]) => name)
  return text.replace(new RegExp(`\\b(${names.join('|')})\\b`, 'g'), `$1${suffix}`)
}

/** Sums of slices. */
export const sumSlices = flat + sumSlicesText
