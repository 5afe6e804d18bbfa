// output [batch, tokens, heads, headWidth] = scale pairs vectors, summed over one axis of pairs [batch, heads, tokens, tokens]:
// the strides say which one.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> pairs: array<f32>;
@group(0) @binding(2) var<storage, read> vectors: array<f32>;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(threads)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = tileOf(thread.x + thread.y * groups.x * threads, shape.headWidth);
  if (at.head >= shape.batch * shape.heads) { return; }
  let stride = shape.heads * shape.headWidth;
  let start = headStart(at.head);
  let firstPair = at.head * shape.tokens * shape.tokens + at.row * shape.rowStride;
  var sums: array<array<f32, tileColumns>, tileRows>;
  for (var k = 0u; k < shape.tokens; k++) {
    var b: array<f32, tileColumns>;
    for (var c = 0u; c < tileColumns; c++) { b[c] = vectors[start + k * stride + at.column + c]; }
    for (var r = 0u; r < tileRows; r++) {
      let a = pairs[firstPair + r * shape.rowStride + k * shape.sumStride];
      for (var c = 0u; c < tileColumns; c++) { sums[r][c] += a * b[c]; }
    }
  }
  var results: array<f32, tileRows * tileColumns>;
  for (var r = 0u; r < tileRows; r++) {
    for (var c = 0u; c < tileColumns; c++) { results[r * tileColumns + c] = sums[r][c] * shape.scale; }
  }
  for (var i = 0u; i < tileRows * tileColumns; i++) {
    let row = at.row + i / tileColumns;
    let column = at.column + i % tileColumns;
    if (row < shape.tokens && column < shape.headWidth) { output[start + row * stride + column] = results[i]; }
  }
}
