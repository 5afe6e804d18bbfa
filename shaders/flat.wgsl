// Kernels over flat buffers: one thread a float or a word, 256 threads a workgroup.
const workgroupSize = 256u;

// Flat index of a thread whose workgroups were folded into rows (src/gpu/kernel.ts, workgroups).
fn flatIndex(thread: vec3u, groups: vec3u) -> u32 {
  return thread.x + thread.y * groups.x * workgroupSize;
}

// Bit `index` of a bit-packed buffer, given the word that holds it: words[index / 32].
fn bitOf(word: u32, index: u32) -> bool {
  return ((word >> (index & 31u)) & 1u) == 1u;
}

// WGSL may assume that no value is NaN or infinite, so x != x can be folded away; the exponent bits cannot.
fn isFinite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}
