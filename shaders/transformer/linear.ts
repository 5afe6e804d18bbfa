/**
 * Linear layers: one product of matrices in three roles (forward, gradient of the input, gradient of the parameters),
 * each under any schedule. A role says where its operands lie and what happens to a result; a schedule says which
 * thread adds up what.
 */
import { flat, random } from '..'
import { uniformStruct } from '../uniformStruct'
import linearDropoutText from './linearDropout.wgsl?raw'
import linearForwardText from './linearForward.wgsl?raw'
import linearGeluText from './linearGelu.wgsl?raw'
import linearInputText from './linearInput.wgsl?raw'
import linearMaskedText from './linearMasked.wgsl?raw'
import linearResidualText from './linearResidual.wgsl?raw'
import linearSlopeText from './linearSlope.wgsl?raw'
import linearText from './linear.wgsl?raw'
import linearWeightsText from './linearWeights.wgsl?raw'
import normalCdfText from './normalCdf.wgsl?raw'
import productRegistersText from './productRegisters.wgsl?raw'
import productSharedText from './productShared.wgsl?raw'
import productStoreText from './productStore.wgsl?raw'
import sumSlicesOfOneText from './sumSlicesOfOne.wgsl?raw'
import sumSlicesOfThreeText from './sumSlicesOfThree.wgsl?raw'
import sumSlicesText from './sumSlices.wgsl?raw'
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
}

const u32 = 'u32' as const

/**
 * Sizes of up to three layers that share x [rows, fanIn]: their outputs lie beside each other in rows of `width`.
 * Starts count floats from the beginning of the binding; `maskStart` counts words.
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

/** Gradient of x. */
export function linearInput(masked: boolean): string {
  return shared + linearInputText + (masked ? linearMaskedText : plainWeights)
}

/** Gradients of weights and biases, a slice of the rows and a layer for each group.z. */
export const linearWeights = shared + linearWeightsText

/** A role under a schedule, for specialised sizes of tiles. @param before lines with which the module must begin */
export function product(role: string, { depth, ...tile }: Schedule, before = ''): string {
  const schedule = (depth === undefined ? productRegistersText : productSharedText) + productStoreText
  return before + (depth === undefined ? '' : constants({ depth })) + specialise(role + schedule, { ...tile })
}

/** Second stage of sums over rows, for the weights and biases of one layer, and of three. */
export const sumSlices = {
  one: flat + sumSlicesText + sumSlicesOfOneText,
  three: flat + sumSlicesText + sumSlicesOfThreeText,
} as const
