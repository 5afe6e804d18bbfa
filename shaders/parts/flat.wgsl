// Kernels over flat buffers: one thread a float, four floats or a word, 256 threads a workgroup.
const workgroupSize = 256u;

// Flat index of a thread whose workgroups were folded into rows (src/gpu/kernel.ts, workgroups).
fn flatIndex(thread: vec3u, groups: vec3u) -> u32 {
  return thread.x + thread.y * groups.x * workgroupSize;
}

// Bit `index` of a bit-packed buffer, given the word that holds it: words[index / 32].
fn bitOf(word: u32, index: u32) -> bool {
  return ((word >> (index & 31u)) & 1u) == 1u;
}

// The bits of floats 4 i to 4 i + 3, given the word that holds them: words[i / 8].
fn fourBits(word: u32, i: u32) -> vec4<bool> {
  return (vec4u(word >> ((i & 7u) * 4u)) & vec4u(1u, 2u, 4u, 8u)) != vec4u();
}

// WGSL may assume that no value is NaN or infinite, so x != x can be folded away; the exponent bits cannot.
fn isFinite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}
