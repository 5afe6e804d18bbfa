// weightsGrad = x^T outputGrad and biasGrad = column sums of outputGrad, over one slice of the rows for each group.z:
// the sum is long and the result small, so slices are what keeps a GPU busy. sumSlices.wgsl adds them up.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> outputGrad: array<f32>;
@group(0) @binding(3) var<storage, read_write> weightsGrad: array<f32>;
@group(0) @binding(4) var<storage, read_write> biasGrad: array<f32>;

@compute @workgroup_size(lanes, layers)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let column = group.x * lanes * tileColumns + local.x;
  let row = (group.y * layers + local.y) * tileRows;
  let end = min((group.z + 1u) * shape.sliceRows, shape.rows);
  var sums: array<array<f32, tileColumns>, tileRows>;
  var totals: array<f32, tileColumns>;
  for (var k = group.z * shape.sliceRows; k < end; k++) {
    var right: array<f32, tileColumns>;
    for (var c = 0u; c < tileColumns; c++) {
      right[c] = outputGrad[k * shape.fanOut + column + c * lanes];
      totals[c] += right[c];
    }
    for (var r = 0u; r < tileRows; r++) {
      let left = x[k * shape.fanIn + row + r];
      for (var c = 0u; c < tileColumns; c++) { sums[r][c] += left * right[c]; }
    }
  }
  var results: array<f32, tileRows * tileColumns>;
  for (var r = 0u; r < tileRows; r++) {
    for (var c = 0u; c < tileColumns; c++) { results[r * tileColumns + c] = sums[r][c]; }
  }
  for (var i = 0u; i < tileRows * tileColumns; i++) {
    let at = vec2u(row + i / tileColumns, column + i % tileColumns * lanes);
    if (at.x >= shape.fanIn || at.y >= shape.fanOut) { continue; }
    weightsGrad[(group.z * shape.fanIn + at.x) * shape.fanOut + at.y] = results[i];
  }
  if (row > 0u) { return; }
  for (var c = 0u; c < tileColumns; c++) {
    if (column + c * lanes < shape.fanOut) { biasGrad[group.z * shape.fanOut + column + c * lanes] = totals[c]; }
  }
}
