// A product of matrices in blocks, as in productShared.wgsl, with two copies of each block: the threads read the next
// block while they add up this one, and wait for each other once a block. A thread's columns come in fours, which it
// reads, multiplies and adds at once. Sums run in the order of productRegisters.wgsl, so that all give the same bits.
fn copyBlocks(thread: u32, sum: Sum, starts: vec2u, first: u32, row: u32, column: u32, copy: u32) {
  for (var i = thread; i < depth * blockRows; i += lanes * layers) {
    let at = select(vec2u(i / blockRows, i % blockRows), vec2u(i % depth, i / depth), leftAlongSum);
    var value = 0.0;
    if (first + at.x < sum.end) { value = factorOf(leftAt(starts.x, first + at.x, row + at.y), leftScale); }
    leftBlocks[(copy * depth + at.x) * (blockRows + 1u) + at.y] = Factor(value);
  }
  for (var i = thread; i < depth * blockFours; i += lanes * layers) {
    let at = select(vec2u(i / blockFours, i % blockFours), vec2u(i % depth, i / depth), rightAlongSum);
    let k = first + at.x;
    let begin = column + 4u * at.y;
    var values = vec4f();
    if (k < sum.end) {
      values.x = factorOf(rightAt(starts.y, k, begin), rightScale);
      values.y = factorOf(rightAt(starts.y, k, begin + 1u), rightScale);
      values.z = factorOf(rightAt(starts.y, k, begin + 2u), rightScale);
      values.w = factorOf(rightAt(starts.y, k, begin + 3u), rightScale);
    }
    rightBlocks[(copy * depth + at.x) * blockFours + at.y] = vec4<Factor>(values);
  }
}

fn columnOf(first: u32, c: u32) -> u32 { return first + c / 4u * 4u * lanes + c % 4u; }

fn multiply(group: vec3u, local: vec3u, thread: u32) {
  let column = group.x * blockColumns + 4u * local.x;
  let row = group.y * blockRows + local.y * tileRows;
  let sum = sumOf(group.z);
  var fourSums: array<array<vec4f, fours>, tileRows>;
  var fourTotals: array<vec4f, fours>;
  var copy = 0u;
  for (var part = sum.firstPart; part < sum.endPart; part++) {
    let starts = startsOf(part);
    // Nobody reads this copy any more: all have passed the barrier after the block that was in it.
    copyBlocks(thread, sum, starts, sum.first, group.y * blockRows, group.x * blockColumns, copy);
    for (var first = sum.first; first < sum.end; first += depth) {
      workgroupBarrier();
      let next = first + depth;
      if (next < sum.end) {
        copyBlocks(thread, sum, starts, next, group.y * blockRows, group.x * blockColumns, 1u - copy);
      }
      for (var k = 0u; k < depth; k++) {
        var right: array<vec4f, fours>;
        for (var c = 0u; c < fours; c++) {
          right[c] = vec4f(rightBlocks[(copy * depth + k) * blockFours + local.x + c * lanes]);
          fourTotals[c] += right[c];
        }
        for (var r = 0u; r < tileRows; r++) {
          let left = f32(leftBlocks[(copy * depth + k) * (blockRows + 1u) + local.y * tileRows + r]);
          for (var c = 0u; c < fours; c++) { fourSums[r][c] += left * right[c]; }
        }
      }
      copy = 1u - copy;
    }
  }
  var results: array<f32, tileRows * tileColumns>;
  var totals: array<f32, tileColumns>;
  let unscale = 1.0 / (leftScale * rightScale);
  for (var c = 0u; c < fours; c++) {
    let total = fourTotals[c];
    for (var i = 0u; i < 4u; i++) {
      let offset = offsetOf(sum, columnOf(column, 4u * c + i));
      totals[4u * c + i] = total[i];
      for (var r = 0u; r < tileRows; r++) {
        results[r * tileColumns + 4u * c + i] = sumOfFactors(fourSums[r][c][i], unscale) + offset;
      }
    }
  }
