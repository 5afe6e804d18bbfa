// A product of matrices without barriers: a thread reads its factors directly from the operands of its role. It holds
// `tileRows` x `tileColumns` sums in registers; its columns lie `lanes` apart, so that neighbouring threads read
// neighbouring floats. Reads past the end are clamped by WebGPU and never stored.
@compute @workgroup_size(lanes, layers)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let column = group.x * lanes * tileColumns + local.x;
  let row = (group.y * layers + local.y) * tileRows;
  let sum = sumOf(group.z);
  var sums: array<array<f32, tileColumns>, tileRows>;
  var totals: array<f32, tileColumns>;
  for (var part = sum.firstPart; part < sum.endPart; part++) {
    let starts = startsOf(part);
    for (var k = sum.first; k < sum.end; k++) {
      var right: array<f32, tileColumns>;
      for (var c = 0u; c < tileColumns; c++) {
        right[c] = rightAt(starts.y, k, column + c * lanes);
        totals[c] += right[c];
      }
      for (var r = 0u; r < tileRows; r++) {
        let left = leftAt(starts.x, k, row + r);
        for (var c = 0u; c < tileColumns; c++) { sums[r][c] += left * right[c]; }
      }
    }
  }
