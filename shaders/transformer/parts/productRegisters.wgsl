// A product of matrices without barriers: a thread reads its factors directly from the operands of its role. It holds
// `tileRows` x `tileColumns` sums in registers; its columns lie `lanes` apart, so that neighbouring threads read
// neighbouring floats. Reads past the end are clamped by WebGPU and never stored.
fn columnOf(first: u32, c: u32) -> u32 { return first + c * lanes; }

fn multiply(group: vec3u, local: vec3u, thread: u32) {
  let column = group.x * blockColumns + local.x;
  let row = group.y * blockRows + local.y * tileRows;
  let sum = sumOf(group.z);
  var sums: array<array<f32, tileColumns>, tileRows>;
  var totals: array<f32, tileColumns>;
  for (var part = sum.firstPart; part < sum.endPart; part++) {
    let starts = startsOf(part);
    for (var k = sum.first; k < sum.end; k++) {
      var right: array<f32, tileColumns>;
      for (var c = 0u; c < tileColumns; c++) {
        right[c] = factorOf(rightAt(starts.y, k, column + c * lanes), rightScale);
        totals[c] += right[c];
      }
      for (var r = 0u; r < tileRows; r++) {
        let left = factorOf(leftAt(starts.x, k, row + r), leftScale);
        for (var c = 0u; c < tileColumns; c++) { sums[r][c] += left * right[c]; }
      }
    }
  }
