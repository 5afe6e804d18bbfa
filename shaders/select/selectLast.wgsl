// Ends a selection, one workgroup a group: the threshold (key, index), and histograms of zeros for the next one. Where
// only some of the weights with the threshold's key are kept, those are the first ones: finds their chunk, then the
// place in it.
@group(0) @binding(7) var<storage, read_write> ties: array<u32>;
@group(0) @binding(8) var<storage, read_write> thresholds: array<vec2u>;

// Ties among floats [first, end) of the prunable part.
fn tiesBetween(first: u32, end: u32, key: u32) -> u32 {
  var sum = 0u;
  for (var i = first; i < end; i++) { sum += select(0u, 1u, isTie(i, key)); }
  return sum;
}

fn isTie(i: u32, key: u32) -> bool {
  return (i & 63u) < tileCount(tiles[i >> 6u]) && rankKey(scores[i >> 2u][i & 3u]) == key;
}

@compute @workgroup_size(workgroupSize)
fn main(@builtin(local_invocation_index) local: u32, @builtin(workgroup_id) workgroup: vec3u) {
  let group = workgroup.x;
  if (group >= digit.groups) { return; }
  for (var before = 0u; before < digit.number; before++) {
    let base = (before * digit.groups + group) * bins;
    for (var bin = local; bin < bins; bin += workgroupSize) { atomicStore(&histogram[base + bin], 0u); }
  }
  let rank = recordedRank(digit.number, group, local);
  if (rank.settled != 0u) {
    if (local == 0u) { thresholds[group] = vec2u(rank.key, rank.order); }
    return;
  }

  // Every thread counts a stretch of the chunks; then, of the chunk that was found, a stretch of floats.
  let budget = budgets[group];
  let chunksEach = (budget.endChunk - budget.firstChunk + workgroupSize - 1u) / workgroupSize;
  let first = min(budget.firstChunk + local * chunksEach, budget.endChunk);
  var own = 0u;
  for (var i = first; i < min(first + chunksEach, budget.endChunk); i++) { own += ties[i]; }
  let stretch = locate(local, own, rank.remaining);
  var left = rank.remaining - stretch.before;
  var index = budget.firstChunk + stretch.slot * chunksEach;
  while (ties[index] < left && index + 1u < budget.endChunk) {
    left -= ties[index];
    index++;
  }

  let chunk = chunks[index];
  let end = chunk.end * 64u;
  let floatsEach = (end - chunk.first * 64u + workgroupSize - 1u) / workgroupSize;
  let start = min(chunk.first * 64u + local * floatsEach, end);
  let place = locate(local, tiesBetween(start, min(start + floatsEach, end), rank.key), left);
  if (local != 0u) { return; }
  left -= place.before;
  var at = chunk.first * 64u + place.slot * floatsEach;
  while (at + 1u < end) {
    left -= select(0u, 1u, isTie(at, rank.key));
    if (left == 0u) { break; }
    at++;
  }
  thresholds[group] = vec2u(rank.key, at);
}
