// Role of a product: output = x weights + bias, for each of `parts` layers that share x; their outputs lie beside each
// other.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> output: array<f32>;

const leftAlongSum = true;
const rightAlongSum = false;
const leftScale = 1.0;
const rightScale = 1.0;

fn rowsOf() -> u32 { return shape.rows; }
fn columnsOf() -> u32 { return shape.fanOut; }
fn sumOf(z: u32) -> Sum { return Sum(z, z + 1u, 0u, shape.fanIn, 0u); }
fn startsOf(part: u32) -> vec2u { return vec2u(0u, weightsStart(part)); }
fn offsetOf(sum: Sum, column: u32) -> f32 {
  return bias[ofPart(sum.firstPart, shape.bias0, shape.bias1, shape.bias2) + column];
}
fn leftAt(start: u32, k: u32, row: u32) -> f32 { return x[row * shape.fanIn + k]; }
fn rightAt(start: u32, k: u32, column: u32) -> f32 { return weightAt(start + k * shape.fanOut + column); }

fn store(sum: Sum, row: u32, column: u32, value: f32) {
  let index = row * shape.width + sum.firstPart * shape.fanOut + column;
  output[index] = added(index, dropped(index, activated(index, value)));
}
fn storeTotal(sum: Sum, column: u32, total: f32) {}
