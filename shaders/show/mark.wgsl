// Weight classes (docs/algorithms.md 1.4) from two sets at one budget: `sentinel` (best by `steady`) and `peaked` (best
// by `peak`). One thread a word of 32 weights; a class is 4 bits: 1 temporary, 2 sentinel, neither ordinary; 4 cut.
// Entry point `free` takes pruned weights that have left 0 for kept ones.
@group(0) @binding(0) var<storage, read> tiles: array<u32>;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read> sentinel: array<u32>;
@group(0) @binding(4) var<storage, read> peaked: array<u32>;
@group(0) @binding(5) var<storage, read_write> classes: array<u32>;
// Ordinary, temporary, sentinel, each kept and cut; zero them first.
@group(0) @binding(6) var<storage, read_write> classCounts: array<atomic<u32>, 6>;

var<workgroup> sums: array<atomic<u32>, 6>;

// Bit k of a byte goes to bit 4 k.
fn spread(bits: u32) -> u32 {
  var x = bits & 0xffu;
  x = (x | (x << 12u)) & 0x000f000fu;
  x = (x | (x << 6u)) & 0x03030303u;
  return (x | (x << 3u)) & 0x11111111u;
}

fn markWord(word: u32, kept: u32) {
  let all = wordBits(tiles[word >> 1u], word);
  let best = sentinel[word] & all;
  let temporary = peaked[word] & all & ~best;
  let ordinary = all & ~(best | temporary);
  let cut = all & ~kept;
  for (var k = 0u; k < 4u; k++) {
    let at = 8u * k;
    classes[4u * word + k] = spread(temporary >> at) | (spread(best >> at) << 1u) | (spread(cut >> at) << 2u);
  }
  let sets = array(ordinary & ~cut, ordinary & cut, temporary & ~cut, temporary & cut, best & ~cut, best & cut);
  for (var k = 0u; k < 6u; k++) {
    let count = countOneBits(sets[k]);
    if (count != 0u) { atomicAdd(&sums[k], count); }
  }
}

fn addCounts(local: u32) {
  workgroupBarrier();
  if (local < 6u) {
    let sum = atomicLoad(&sums[local]);
    if (sum != 0u) { atomicAdd(&classCounts[local], sum); }
  }
}

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(global_invocation_id) thread: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let word = flatIndex(thread, groups);
  if (word < arrayLength(&mask)) { markWord(word, mask[word]); }
  addCounts(local);
}

@compute @workgroup_size(workgroupSize)
fn free(
  @builtin(global_invocation_id) thread: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let word = flatIndex(thread, groups);
  if (word < arrayLength(&mask)) { markWord(word, mask[word] | movedOf(word)); }
  addCounts(local);
}

fn movedOf(word: u32) -> u32 {
  var moved = 0u;
  for (var bit = 0u; bit < 32u; bit++) { moved |= select(0u, 1u << bit, weights[word * 32u + bit] != 0.0); }
  return moved;
}
