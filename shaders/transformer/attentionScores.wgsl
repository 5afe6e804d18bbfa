// scores [batch, heads, tokens, tokens] = scale left . right over the head's width, plus what padding adds. Reads past the
// end are clamped by WebGPU and never stored.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> left: array<f32>;
@group(0) @binding(2) var<storage, read> right: array<f32>;
@group(0) @binding(3) var<storage, read_write> scores: array<f32>;

@compute @workgroup_size(threads)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = tileOf(thread.x + thread.y * groups.x * threads, shape.tokens);
  if (at.head >= shape.batch * shape.heads) { return; }
  let stride = shape.heads * shape.headWidth;
  let start = headStart(at.head);
  var sums: array<array<f32, tileColumns>, tileRows>;
  for (var k = start; k < start + shape.headWidth; k++) {
    var b: array<f32, tileColumns>;
    for (var c = 0u; c < tileColumns; c++) { b[c] = right[k + (at.column + c) * stride]; }
    for (var r = 0u; r < tileRows; r++) {
      let a = left[k + (at.row + r) * stride];
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
    if (row >= shape.tokens || column >= shape.tokens) { continue; }
    scores[(at.head * shape.tokens + row) * shape.tokens + column] = results[i] + ignored(at.head / shape.heads, column);
  }
}
