// output = x weights + bias. A thread holds `tileRows` x `tileColumns` sums in registers; its columns lie `lanes` apart, so
// that neighbouring threads read neighbouring floats. Reads past the end are clamped by WebGPU and never stored.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(lanes, layers)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let column = group.x * lanes * tileColumns + local.x;
  let row = (group.y * layers + local.y) * tileRows;
  var sums: array<array<f32, tileColumns>, tileRows>;
  for (var k = 0u; k < shape.fanIn; k++) {
    var right: array<f32, tileColumns>;
    for (var c = 0u; c < tileColumns; c++) { right[c] = weights[k * shape.fanOut + column + c * lanes]; }
    for (var r = 0u; r < tileRows; r++) {
      let left = x[(row + r) * shape.fanIn + k];
      for (var c = 0u; c < tileColumns; c++) { sums[r][c] += left * right[c]; }
    }
  }
  // Stores sit in one loop over a flat copy: unrolled like the sums, they are most of what a driver has to compile.
  var results: array<f32, tileRows * tileColumns>;
  for (var c = 0u; c < tileColumns; c++) {
    let offset = bias[column + c * lanes];
    for (var r = 0u; r < tileRows; r++) { results[r * tileColumns + c] = sums[r][c] + offset; }
  }
  for (var i = 0u; i < tileRows * tileColumns; i++) {
    let at = vec2u(row + i / tileColumns, column + i % tileColumns * lanes);
    if (at.x < shape.rows && at.y < shape.fanOut) { finish(at.x * shape.fanOut + at.y, results[i]); }
  }
}
