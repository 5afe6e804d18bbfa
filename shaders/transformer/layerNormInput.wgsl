// With n = (x - mean) / deviation and g = outputGrad * scale: xGrad = (g - mean(g) - n mean(g n)) / deviation. One thread a row.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> scale: array<f32>;
@group(0) @binding(3) var<storage, read> moments: array<vec2f>;
@group(0) @binding(4) var<storage, read> outputGrad: array<f32>;
@group(0) @binding(5) var<storage, read_write> xGrad: array<f32>;

@compute @workgroup_size(rowThreads)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = thread.x + thread.y * groups.x * rowThreads;
  if (row >= shape.rows) { return; }
  let first = row * shape.width;
  let mean = moments[row].x;
  let inverse = moments[row].y;
  var sum = 0.0;
  var product = 0.0;
  for (var i = 0u; i < shape.width; i++) {
    let g = outputGrad[first + i] * scale[i];
    sum += g;
    product += g * (x[first + i] - mean) * inverse;
  }
  let meanSum = sum / f32(shape.width);
  let meanProduct = product / f32(shape.width);
  for (var i = 0u; i < shape.width; i++) {
    let n = (x[first + i] - mean) * inverse;
    xGrad[first + i] = (outputGrad[first + i] * scale[i] - meanSum - n * meanProduct) * inverse;
  }
}
