// Role of a product: xGrad = outputGrad weights^T, summed over the layers that share x.
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> xGrad: array<f32>;

const leftAlongSum = true;
const rightAlongSum = true;
const leftScale = gradientScale;
const rightScale = 1.0;

fn rowsOf() -> u32 { return shape.rows; }
fn columnsOf() -> u32 { return shape.fanIn; }
fn countOf() -> u32 { return 1u; }
fn sumOf(z: u32) -> Sum { return Sum(0u, shape.width / shape.fanOut, 0u, shape.fanOut, 0u); }
fn startsOf(part: u32) -> vec2u { return vec2u(part * shape.fanOut, weightsStart(part)); }
fn offsetOf(sum: Sum, column: u32) -> f32 { return 0.0; }
fn leftAt(start: u32, k: u32, row: u32) -> f32 { return outputGrad[row * shape.width + start + k]; }
fn rightAt(start: u32, k: u32, column: u32) -> f32 { return weightAt(start + column * shape.fanOut + k); }
fn store(sum: Sum, row: u32, column: u32, value: f32) {
  let index = row * shape.fanIn + column;
  xGrad[index] = sloped(index, added(index, value));
}
fn storeTotal(sum: Sum, column: u32, total: f32) {}
