/** Kernels of linear layers whose weights are mostly pruned, for inference. */
import { uniformStruct } from '../parts/uniformStruct'
import normalCdf from './parts/normalCdf.wgsl?raw'
import sparseLinearText from './sparseLinear.wgsl?raw'
import transposeText from './transpose.wgsl?raw'

const shape = uniformStruct('Shape', { rows: 'u32', fanIn: 'u32', fanOut: 'u32' })

/** Uniform of both kernels. */
export const sparseShape = shape

/** Where x [rows, fanIn] lies: row by row, or transposed, so that neighbouring rows are neighbours in memory. */
const places = {
  rows: 'fn place(row: u32, input: u32) -> u32 { return row * shape.fanIn + input; }\n',
  columns: 'fn place(row: u32, input: u32) -> u32 { return input * shape.rows + row; }\n',
} as const

const activations = {
  none: 'fn activate(sum: f32) -> f32 { return sum; }\n',
  gelu: `${normalCdf}fn activate(sum: f32) -> f32 { return sum * normalCdf(sum); }\n`,
} as const

const alone = 'fn finish(index: u32, value: f32) { output[index] = value; }\n'
const added = `@group(0) @binding(6) var<storage, read> residual: array<f32>;
fn finish(index: u32, value: f32) { output[index] = residual[index] + value; }
`

/** activation(x weights + bias) + residual with compressed weights; constants `lanes`, `tileRows` and `columns`. */
export function sparseLinear(
  place: keyof typeof places,
  activation: keyof typeof activations,
  residual: boolean,
): string {
  return shape.wgsl + places[place] + activations[activation] + sparseLinearText + (residual ? added : alone)
}

/** x [rows, fanIn] transposed; one workgroup for 16 x 16. */
export const transpose = shape.wgsl + transposeText
