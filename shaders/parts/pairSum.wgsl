var<workgroup> pairs: array<vec2f, workgroupSize>;

// Sum over the 256 threads of a workgroup, always in the same order, for thread 0; the result of other threads means
// nothing. Two barriers where a tree needs eight: a software GPU pays more for a barrier than for 16 additions. Uniform
// control flow.
fn pairSum(local: u32, own: vec2f) -> vec2f {
  pairs[local] = own;
  workgroupBarrier();
  var sum = vec2f();
  if (local < 16u) {
    for (var k = 0u; k < 16u; k++) { sum += pairs[local * 16u + k]; }
    pairs[local * 16u] = sum;
  }
  workgroupBarrier();
  var total = vec2f();
  if (local == 0u) {
    for (var k = 0u; k < 16u; k++) { total += pairs[k * 16u]; }
  }
  return total;
}
