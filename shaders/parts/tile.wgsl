// A tile is 64 floats of one tensor: group << 8 | number of floats that are weights; the floats after those are
// padding.
fn tileGroup(tile: u32) -> u32 { return tile >> 8u; }
fn tileCount(tile: u32) -> u32 { return tile & 255u; }

// How many of the 32 floats of a bit-packed word are weights, given the word's tile: tiles[word / 2].
fn wordCount(tile: u32, word: u32) -> u32 {
  let start = (word & 1u) * 32u;
  return clamp(tileCount(tile), start, start + 32u) - start;
}

// The bits of a word that stand for weights.
fn wordBits(tile: u32, word: u32) -> u32 {
  let count = wordCount(tile, word);
  return select((1u << (count & 31u)) - 1u, 0xffffffffu, count == 32u);
}
