// Class of a weight: 0 pruned, 1 ordinary, 2 temporary, 3 sentinel; 16 in a word. The including kernel declares `classes`.
fn classOf(i: u32) -> u32 {
  return (classes[i >> 4u] >> ((i & 15u) * 2u)) & 3u;
}
