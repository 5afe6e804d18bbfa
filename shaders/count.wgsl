// Kept weights by group: with one group a tensor, the sparsity of every layer. One thread a tile of 64 weights.
@group(0) @binding(0) var<storage, read> mask: array<u32>;
@group(0) @binding(1) var<storage, read> tiles: array<u32>;
// One counter a group; zero them first.
@group(0) @binding(2) var<storage, read_write> counts: array<atomic<u32>>;

var<workgroup> sum: atomic<u32>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32,
) {
  let t = flatIndex(thread, groups);
  let first = min(t - local, arrayLength(&tiles) - 1u);
  let own = tileGroup(tiles[first]);
  if (t < arrayLength(&tiles)) {
    let tile = tiles[t];
    let kept = countOneBits(mask[2u * t] & wordBits(tile, 0u)) + countOneBits(mask[2u * t + 1u] & wordBits(tile, 1u));
    if (tileGroup(tile) == own) { atomicAdd(&sum, kept); } else { atomicAdd(&counts[tileGroup(tile)], kept); }
  }
  workgroupBarrier();
  if (local == 0u) { atomicAdd(&counts[own], atomicLoad(&sum)); }
}
