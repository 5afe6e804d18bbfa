// Where a running sum over 256 threads reaches a count, in three barriers: 16 threads add up 16 neighbours each, then
// one goes through these sums.
struct Found { slot: u32, before: u32 }

var<workgroup> sums: array<u32, workgroupSize>;
var<workgroup> coarse: array<u32, 16>;
var<workgroup> found: Found;

// The first thread whose sum, with those of all threads before it, reaches `count`, and the sum before it; slot 256
// where the whole sum does not reach it. Call it in uniform control flow, with count > 0.
fn locate(local: u32, own: u32, count: u32) -> Found {
  sums[local] = own;
  workgroupBarrier();
  if (local < 16u) {
    var sum = 0u;
    for (var k = 0u; k < 16u; k++) { sum += sums[local * 16u + k]; }
    coarse[local] = sum;
  }
  workgroupBarrier();
  if (local == 0u) {
    var before = 0u;
    var block = 0u;
    while (block < 16u && before + coarse[block] < count) { before += coarse[block]; block++; }
    var slot = block * 16u;
    if (block < 16u) {
      while (before + sums[slot] < count) { before += sums[slot]; slot++; }
    }
    found = Found(slot, before);
  }
  return workgroupUniformLoad(&found);
}
