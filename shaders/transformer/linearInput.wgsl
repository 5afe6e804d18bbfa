// xGrad = outputGrad weights^T, tiled as in linear.wgsl: columns are inputs, the sum runs over outputs.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> outputGrad: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> xGrad: array<f32>;

@compute @workgroup_size(lanes, layers)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let column = group.x * lanes * tileColumns + local.x;
  let row = (group.y * layers + local.y) * tileRows;
  var sums: array<array<f32, tileColumns>, tileRows>;
  for (var k = 0u; k < shape.fanOut; k++) {
    var right: array<f32, tileColumns>;
    for (var c = 0u; c < tileColumns; c++) { right[c] = weights[(column + c * lanes) * shape.fanOut + k]; }
    for (var r = 0u; r < tileRows; r++) {
      let left = outputGrad[(row + r) * shape.fanOut + k];
      for (var c = 0u; c < tileColumns; c++) { sums[r][c] += left * right[c]; }
    }
  }
  var results: array<f32, tileRows * tileColumns>;
  for (var r = 0u; r < tileRows; r++) {
    for (var c = 0u; c < tileColumns; c++) { results[r * tileColumns + c] = sums[r][c]; }
  }
  for (var i = 0u; i < tileRows * tileColumns; i++) {
    let at = vec2u(row + i / tileColumns, column + i % tileColumns * lanes);
    if (at.x < shape.rows && at.y < shape.fanIn) { xGrad[at.x * shape.fanIn + at.y] = results[i]; }
  }
}
