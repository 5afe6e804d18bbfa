// Role of a product: gradients of weights = x^T outputGrad and of biases = column sums of outputGrad, for one layer and
// one slice of the rows. The sum is long and the result small, so only slices keep a GPU busy; sumSlices.wgsl adds
// them up.
@group(0) @binding(4) var<storage, read> x: array<f32>;
@group(0) @binding(5) var<storage, read_write> gradients: array<f32>;

const leftAlongSum = false;
const rightAlongSum = false;
const leftScale = 1.0;
const rightScale = gradientScale;

fn rowsOf() -> u32 { return shape.fanIn; }
fn columnsOf() -> u32 { return shape.fanOut; }
fn countOf() -> u32 { return (shape.rows + shape.sliceRows - 1u) / shape.sliceRows * (shape.width / shape.fanOut); }
fn sumOf(z: u32) -> Sum {
  let parts = shape.width / shape.fanOut;
  let slice = z / parts;
  let first = slice * shape.sliceRows;
  return Sum(z % parts, z % parts + 1u, first, min(first + shape.sliceRows, shape.rows), slice);
}
fn startsOf(part: u32) -> vec2u { return vec2u(0u, part * shape.fanOut); }
fn offsetOf(sum: Sum, column: u32) -> f32 { return 0.0; }
fn leftAt(start: u32, k: u32, row: u32) -> f32 { return x[k * shape.fanIn + row]; }
fn rightAt(start: u32, k: u32, column: u32) -> f32 { return outputGrad[k * shape.width + start + column]; }
fn store(sum: Sum, row: u32, column: u32, value: f32) {
  let start = ofPart(sum.firstPart, shape.weightsGrad0, shape.weightsGrad1, shape.weightsGrad2);
  gradients[start + sum.slice * shape.gradStride + row * shape.fanOut + column] = value;
}
fn storeTotal(sum: Sum, column: u32, total: f32) {
  let start = ofPart(sum.firstPart, shape.biasGrad0, shape.biasGrad1, shape.biasGrad2);
  gradients[start + sum.slice * shape.gradStride + column] = total;
}
