/** Kernels of linear layers whose weights are mostly pruned, for inference. */
import { uniformStruct } from '../uniformStruct'
import normalCdf from './normalCdf.wgsl?raw'
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

const finishes = {
  plain: 'fn finish(sum: f32) -> f32 { return sum; }\n',
  gelu: `${normalCdf}fn finish(sum: f32) -> f32 { return sum * normalCdf(sum); }\n`,
} as const

/** x weights + bias with compressed weights; constants `lanes`, `tileRows` and `columns`. */
export function sparseLinear(place: keyof typeof places, finish: keyof typeof finishes): string {
  return shape.wgsl + places[place] + finishes[finish] + sparseLinearText
}

/** x [rows, fanIn] transposed; one workgroup for 16 x 16. */
export const transpose = shape.wgsl + transposeText
