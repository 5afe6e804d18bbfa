// Radix select, one pass for each digit of the key: counts, for every group, the digits of the weights that share the
// group's prefix. Counted in workgroup memory first: equal scores would otherwise queue at one global counter.
var<workgroup> counts: array<atomic<u32>, bins>;

fn tally(key: u32, real: bool, prefix: u32) {
  if (real && ((key ^ prefix) & digit.above) == 0u) { atomicAdd(&counts[(key >> digit.shift) & digit.last], 1u); }
}

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

  for (var i = chunk.first * 16u + local; i < chunk.end * 16u; i += workgroupSize) {
    let count = tileCount(tiles[i >> 4u]);
    let four = scores[i];
    let lane = (i & 15u) * 4u;
    tally(rankKey(four.x), lane < count, rank.key);
    tally(rankKey(four.y), lane + 1u < count, rank.key);
    tally(rankKey(four.z), lane + 2u < count, rank.key);
    tally(rankKey(four.w), lane + 3u < count, rank.key);
  }

  workgroupBarrier();
  let base = (digit.number * digit.groups + chunk.group) * bins;
  for (var bin = local; bin < bins; bin += workgroupSize) {
    let count = atomicLoad(&counts[bin]);
    if (count != 0u) { atomicAdd(&histogram[base + bin], count); }
  }
}
