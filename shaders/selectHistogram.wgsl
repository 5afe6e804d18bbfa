// Radix select, first half of a pass: counts, for every group, the digits of the weights that share the group's prefix.
// A workgroup reads 64 tiles. Its first group is counted in workgroup memory, weights of other groups (at a tensor's end)
// straight in the global histogram: equal scores would otherwise queue at one global counter.
@group(0) @binding(0) var<uniform> digit: Digit;
@group(0) @binding(1) var<storage, read> scores: array<u32>;
@group(0) @binding(2) var<storage, read> tiles: array<u32>;
@group(0) @binding(3) var<storage, read> ranks: array<Rank>;
@group(0) @binding(4) var<storage, read_write> histogram: array<atomic<u32>>;

const tilesPerGroup = 64u;
var<workgroup> counts: array<atomic<u32>, bins>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(local_invocation_index) local: u32, @builtin(workgroup_id) workgroup: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (workgroup.x + workgroup.y * groups.x) * tilesPerGroup;
  let end = min(first + tilesPerGroup, arrayLength(&tiles));
  if (first >= end) { return; }
  let own = tileGroup(tiles[first]);
  let firstPass = digit.ofIndex == 0u && digit.above == 0u;
  if (!firstPass && ranks[own].settled != 0u && tileGroup(tiles[end - 1u]) == own) { return; }

  for (var i = first * 64u + local; i < end * 64u; i += workgroupSize) {
    let tile = tiles[i >> 6u];
    if ((i & 63u) >= tileCount(tile)) { continue; }
    let group = tileGroup(tile);
    let rank = ranks[group];
    if (!firstPass && rank.settled != 0u) { continue; }
    let key = rankKey(scores[i]);
    let value = select(key, ~i, digit.ofIndex != 0u);
    let prefix = select(rank.key, rank.order, digit.ofIndex != 0u);
    if (((value ^ prefix) & digit.above) != 0u || (digit.ofIndex != 0u && key != rank.key)) { continue; }
    let bin = (value >> digit.shift) & digit.last;
    if (group == own) { atomicAdd(&counts[bin], 1u); } else { atomicAdd(&histogram[group * bins + bin], 1u); }
  }

  workgroupBarrier();
  for (var bin = local; bin <= digit.last; bin += workgroupSize) {
    let count = atomicLoad(&counts[bin]);
    if (count != 0u) { atomicAdd(&histogram[own * bins + bin], count); }
  }
}
