// Class of a weight (mark.wgsl), 4 bits, 8 in a word. The including kernel declares `classes`.
fn classOf(i: u32) -> u32 {
  return (classes[i >> 3u] >> ((i & 7u) * 4u)) & 15u;
}
