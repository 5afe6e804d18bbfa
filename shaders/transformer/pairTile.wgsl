// A thread holds a tile of `tileRows` x `tileColumns` numbers of one head. `columns` are tokens, or the head's width.
struct Tile { head: u32, row: u32, column: u32 }

// The head counts through [batch, heads]; it is past the end in threads that have nothing to do.
fn tileOf(index: u32, columns: u32) -> Tile {
  let across = (columns + tileColumns - 1u) / tileColumns;
  let down = (shape.tokens + tileRows - 1u) / tileRows;
  return Tile(index / (across * down), index / across % down * tileRows, index % across * tileColumns);
}

// Where the head's first token lies in [batch, tokens, heads, headWidth].
fn headStart(head: u32) -> u32 {
  return (head / shape.heads * shape.tokens * shape.heads + head % shape.heads) * shape.headWidth;
}
