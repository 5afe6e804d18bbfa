// After the last digit: in groups that keep only some of the weights with the threshold's key, counts these weights by
// chunk.
@group(0) @binding(7) var<storage, read_write> ties: array<u32>;

var<workgroup> total: atomic<u32>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = workgroup.x + workgroup.y * groups.x;
  if (index >= arrayLength(&chunks)) { return; }
  let chunk = chunks[index];
  let rank = rankOf(chunk.group, local);
  recordRank(chunk, rank, local);
  if (rank.settled != 0u) { return; }

  var own = 0u;
  for (var i = chunk.first * 16u + local; i < chunk.end * 16u; i += workgroupSize) {
    let count = tileCount(tiles[i >> 4u]);
    let four = scores[i];
    for (var k = 0u; k < 4u; k++) {
      own += select(0u, 1u, (i & 15u) * 4u + k < count && rankKey(four[k]) == rank.key);
    }
  }
  if (own != 0u) { atomicAdd(&total, own); }
  workgroupBarrier();
  if (local == 0u) { ties[index] = atomicLoad(&total); }
}
