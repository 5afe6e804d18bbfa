// Blocks of queries of a head, and products over them. attentionTogether.wgsl and attentionAlone.wgsl say who owns a
// block; the kernels say what is multiplied (`left`, `right`, `vector`) and what is done with the result (`score`,
// `finish`).
struct Block { head: u32, first: u32, rows: u32 }

// The head is past the end where there is nothing to do.
fn blockNumber(index: u32) -> Block {
  let blocks = (shape.tokens + blockRows - 1u) / blockRows;
  let first = index % blocks * blockRows;
  return Block(index / blocks, first, min(blockRows, shape.tokens - first));
}

// Where the block's first pair lies in [batch, heads, tokens, tokens].
fn pairsStart(at: Block) -> u32 { return (at.head * shape.tokens + at.first) * shape.tokens; }

// pair [row][key] = score of left[first + row] . right[key]. Reads past the end are clamped by WebGPU and never used.
fn multiply(at: Block, thread: u32, leftStart: u32, leftStride: u32, rightStart: u32, rightStride: u32) {
  let across = (shape.tokens + tileColumns - 1u) / tileColumns;
  let down = (at.rows + tileRows - 1u) / tileRows;
  for (var t = thread; t < across * down; t += members) {
    let row = t / across * tileRows;
    let column = t % across * tileColumns;
    let leftFirst = leftStart + (at.first + row) * leftStride;
    let rightFirst = rightStart + column * rightStride;
    var sums: array<array<f32, tileColumns>, tileRows>;
    for (var k = 0u; k < shape.headWidth; k += 1u) {
      var b: array<f32, tileColumns>;
      for (var c = 0u; c < tileColumns; c++) { b[c] = right(rightFirst + c * rightStride + k); }
      for (var r = 0u; r < tileRows; r++) {
        let a = left(leftFirst + r * leftStride + k);
        for (var c = 0u; c < tileColumns; c++) { sums[r][c] += a * b[c]; }
      }
    }
    var results: array<f32, tileRows * tileColumns>;
    for (var r = 0u; r < tileRows; r++) {
      for (var c = 0u; c < tileColumns; c++) { results[r * tileColumns + c] = sums[r][c]; }
    }
    for (var i = 0u; i < tileRows * tileColumns; i++) {
      let to = vec2u(row + i / tileColumns, column + i % tileColumns);
      if (to.x < at.rows && to.y < shape.tokens) {
        setPair(at, to.x * shape.tokens + to.y, score(at, to.y, results[i]));
      }
    }
  }
  wait();
}

// finish(row, column, sum over keys of pair [row][key] vector[key][column]).
fn mix(at: Block, thread: u32, start: u32, stride: u32) {
  let across = (shape.headWidth + mixColumns - 1u) / mixColumns;
  let down = (at.rows + mixRows - 1u) / mixRows;
  for (var t = thread; t < across * down; t += members) {
    let row = t / across * mixRows;
    let column = t % across * mixColumns;
    var sums: array<array<f32, mixColumns>, mixRows>;
    for (var k = 0u; k < shape.tokens; k += 1u) {
      var b: array<f32, mixColumns>;
      for (var c = 0u; c < mixColumns; c++) { b[c] = vector(start + k * stride + column + c); }
      for (var r = 0u; r < mixRows; r++) {
        let a = pair(at, (row + r) * shape.tokens + k);
        for (var c = 0u; c < mixColumns; c++) { sums[r][c] += a * b[c]; }
      }
    }
    var results: array<f32, mixRows * mixColumns>;
    for (var r = 0u; r < mixRows; r++) {
      for (var c = 0u; c < mixColumns; c++) { results[r * mixColumns + c] = sums[r][c]; }
    }
    for (var i = 0u; i < mixRows * mixColumns; i++) {
      let to = vec2u(row + i / mixColumns, column + i % mixColumns);
      if (to.x < at.rows && to.y < shape.headWidth) { finish(at, to.x, to.y, results[i]); }
    }
  }
}
