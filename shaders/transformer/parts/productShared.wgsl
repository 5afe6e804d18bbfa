// A product of matrices in blocks: the threads of a workgroup copy `depth` columns of the left and rows of the right
// operand into memory that they share, so that each float is read once a block. Sums run in the order of
// productRegisters.wgsl, so that both give the same bits; zeros after the end of a sum change nothing.
fn copyBlocks(thread: u32, sum: Sum, starts: vec2u, first: u32, row: u32, column: u32) {
  for (var i = thread; i < depth * blockRows; i += lanes * layers) {
    let at = select(vec2u(i / blockRows, i % blockRows), vec2u(i % depth, i / depth), leftAlongSum);
    var value = 0.0;
    if (first + at.x < sum.end) { value = factorOf(leftAt(starts.x, first + at.x, row + at.y), leftScale); }
    leftBlock[at.x * (blockRows + 1u) + at.y] = Factor(value);
  }
  for (var i = thread; i < depth * blockColumns; i += lanes * layers) {
    let at = select(vec2u(i / blockColumns, i % blockColumns), vec2u(i % depth, i / depth), rightAlongSum);
    var value = 0.0;
    if (first + at.x < sum.end) { value = factorOf(rightAt(starts.y, first + at.x, column + at.y), rightScale); }
    rightBlock[at.x * (blockColumns + 1u) + at.y] = Factor(value);
  }
}

fn columnOf(first: u32, c: u32) -> u32 { return first + c * lanes; }

fn multiply(group: vec3u, local: vec3u, thread: u32) {
  let column = group.x * blockColumns + local.x;
  let row = group.y * blockRows + local.y * tileRows;
  let sum = sumOf(group.z);
  var sums: array<array<f32, tileColumns>, tileRows>;
  var totals: array<f32, tileColumns>;
  for (var part = sum.firstPart; part < sum.endPart; part++) {
    let starts = startsOf(part);
    for (var first = sum.first; first < sum.end; first += depth) {
      workgroupBarrier();
      copyBlocks(thread, sum, starts, first, group.y * blockRows, group.x * blockColumns);
      workgroupBarrier();
      for (var k = 0u; k < depth; k++) {
        var right: array<f32, tileColumns>;
        for (var c = 0u; c < tileColumns; c++) {
          right[c] = f32(rightBlock[k * (blockColumns + 1u) + local.x + c * lanes]);
          totals[c] += right[c];
        }
        for (var r = 0u; r < tileRows; r++) {
          let left = f32(leftBlock[k * (blockRows + 1u) + local.y * tileRows + r]);
          for (var c = 0u; c < tileColumns; c++) { sums[r][c] += left * right[c]; }
        }
      }
    }
  }
