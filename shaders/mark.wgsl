// Weight classes for display (docs/algorithms.md 1.4), from sets at one budget: `sentinel` (best by accumulated importance),
// `batchTop` (best by this batch's |w g|), and `everTop`, their union over the batches looked at so far.
// One thread a word of 32 weights; classes are 2 bits each: 0 pruned, 1 ordinary, 2 temporary, 3 sentinel.
@group(0) @binding(0) var<storage, read> tiles: array<u32>;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> sentinel: array<u32>;
@group(0) @binding(3) var<storage, read> batchTop: array<u32>;
@group(0) @binding(4) var<storage, read_write> everTop: array<u32>;
@group(0) @binding(5) var<storage, read_write> classes: array<u32>;
// pruned, ordinary, temporary, sentinel, temporaryNow; zero them first.
@group(0) @binding(6) var<storage, read_write> classCounts: array<atomic<u32>, 5>;

var<workgroup> sums: array<atomic<u32>, 5>;

// Bit k goes to bit 2 k.
fn spread(half: u32) -> u32 {
  var x = half & 0xffffu;
  x = (x | (x << 8u)) & 0x00ff00ffu;
  x = (x | (x << 4u)) & 0x0f0f0f0fu;
  x = (x | (x << 2u)) & 0x33333333u;
  return (x | (x << 1u)) & 0x55555555u;
}

fn markWord(word: u32) {
  let weights = wordBits(tiles[word >> 1u], word);
  let kept = mask[word] & weights;
  let best = sentinel[word] & kept;
  let ever = everTop[word] | batchTop[word];
  let temporary = ever & kept & ~best;
  everTop[word] = ever;
  let high = best | temporary;
  let low = kept & ~temporary;
  classes[2u * word] = spread(low) | (spread(high) << 1u);
  classes[2u * word + 1u] = spread(low >> 16u) | (spread(high >> 16u) << 1u);

  let counts = array(
    countOneBits(weights & ~kept), countOneBits(kept & ~high), countOneBits(temporary), countOneBits(best),
    countOneBits(batchTop[word] & weights & ~sentinel[word]),
  );
  for (var k = 0u; k < 5u; k++) {
    if (counts[k] != 0u) { atomicAdd(&sums[k], counts[k]); }
  }
}

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32,
) {
  let word = flatIndex(thread, groups);
  if (word < arrayLength(&mask)) { markWord(word); }
  workgroupBarrier();
  if (local < 5u) {
    let sum = atomicLoad(&sums[local]);
    if (sum != 0u) { atomicAdd(&classCounts[local], sum); }
  }
}
