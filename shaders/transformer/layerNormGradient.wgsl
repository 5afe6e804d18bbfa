// With n = (x - mean) / deviation and g = outputGrad * scale: xGrad = (g - mean(g) - n mean(g n)) / deviation; and over
// the `sliceRows` rows of a workgroup, the gradient of scale = column sums of outputGrad n, that of shift = column sums
// of outputGrad. sumSlices.wgsl adds the slices up.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> scale: array<f32>;
@group(0) @binding(3) var<storage, read> moments: array<vec2f>;
@group(0) @binding(4) var<storage, read> outputGrad: array<f32>;
@group(0) @binding(5) var<storage, read_write> xGrad: array<f32>;
@group(0) @binding(6) var<storage, read_write> gradients: array<f32>;

@compute @workgroup_size(threads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let start = group.x * shape.sliceRows;
  let end = min(start + shape.sliceRows, shape.rows);
  for (var row = start; row < end; row += threads / lanes) { inputGradient(row + thread / lanes, end, thread); }
  for (var column = thread; column < shape.width; column += threads) { scaleGradients(column, start, end, group.x); }
}

fn inputGradient(row: u32, end: u32, thread: u32) {
  let lane = thread % lanes;
  let first = row * shape.width;
  let moment = moments[row];
  var sum = 0.0;
  var product = 0.0;
  for (var i = lane; i < shape.width; i += lanes) {
    let g = outputGrad[first + i] * scale[i];
    sum += g;
    product += g * (x[first + i] - moment.x) * moment.y;
  }
  let meanSum = sumOfLanes(thread, sum) / f32(shape.width);
  let meanProduct = sumOfLanes(thread, product) / f32(shape.width);
  if (row >= end) { return; }
  for (var i = lane; i < shape.width; i += lanes) {
    let n = (x[first + i] - moment.x) * moment.y;
    let value = (outputGrad[first + i] * scale[i] - meanSum - n * meanProduct) * moment.y;
    xGrad[first + i] = added(first + i, value);
  }
}

fn scaleGradients(column: u32, start: u32, end: u32, slice: u32) {
  var scaled = 0.0;
  var shifted = 0.0;
  for (var row = start; row < end; row++) {
    let g = outputGrad[row * shape.width + column];
    shifted += g;
    scaled += g * (x[row * shape.width + column] - moments[row].x) * moments[row].y;
  }
  gradients[shape.scaleGrad + slice * shape.gradStride + column] = scaled;
  gradients[shape.shiftGrad + slice * shape.gradStride + column] = shifted;
}
