// Copies the numbers of a block to where the gradient reads them.
fn keep(at: Block, thread: u32) {
  for (var i = thread; i < at.rows * shape.tokens; i += members) { put(pairsStart(at) + i, pair(at, i)); }
}
