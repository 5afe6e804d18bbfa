// x weights + bias where few weights are left: the (input, value) pairs of each output lie one after another. The lanes
// of a workgroup are rows, so they walk the same pairs, and a pair is loaded once for all of them. `place` says where x
// lies, `activate` and `finish` what comes after the sum.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
// First pair of every output, and the end of the last one.
@group(0) @binding(2) var<storage, read> starts: array<u32>;
// Input and bits of the value.
@group(0) @binding(3) var<storage, read> pairs: array<vec2u>;
@group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(5) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let row = group.y * lanes * tileRows + local;
  let end = min((group.x + 1u) * columns, shape.fanOut);
  for (var column = group.x * columns; column < end; column++) {
    var sums: array<f32, tileRows>;
    for (var r = 0u; r < tileRows; r++) { sums[r] = bias[column]; }
    let last = starts[column + 1u];
    for (var at = starts[column]; at < last; at++) {
      let pair = pairs[at];
      let value = bitcast<f32>(pair.y);
      for (var r = 0u; r < tileRows; r++) { sums[r] += value * x[place(row + r * lanes, pair.x)]; }
    }
    // Results are stored in a loop over a copy. This loop is not unrolled: it would be most of what a driver compiles.
    var results: array<f32, tileRows>;
    for (var r = 0u; r < tileRows; r++) { results[r] = sums[r]; }
    for (var at = 0u; at < lanes * tileRows && row + at < shape.rows; at += lanes) {
      finish((row + at) * shape.fanOut + column, activate(results[at / lanes]));
    }
  }
}
