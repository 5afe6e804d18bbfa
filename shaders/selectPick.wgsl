// Radix select, second half of a pass, one workgroup a group: finds, from the top, the bin that holds the last weight to be
// kept, appends its digit to the group's prefix, and clears the histogram for the next pass. A group is settled once its
// bin is kept whole: the prefix followed by zeros is its threshold, and later passes skip it.
@group(0) @binding(0) var<uniform> digit: Digit;
@group(0) @binding(1) var<storage, read> kept: array<u32>;
@group(0) @binding(2) var<storage, read_write> histogram: array<u32>;
@group(0) @binding(3) var<storage, read_write> ranks: array<Rank>;
@group(0) @binding(4) var<storage, read_write> thresholds: array<vec2u>;

const binsPerThread = bins / workgroupSize;
var<workgroup> sums: array<u32, workgroupSize>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(local_invocation_index) local: u32, @builtin(workgroup_id) workgroup: vec3u) {
  let group = workgroup.x;
  if (group >= arrayLength(&kept)) { return; }
  var rank = ranks[group];
  if (digit.ofIndex == 0u && digit.above == 0u) { rank = Rank(0u, 0u, kept[group], 0u); }

  // Thread 0 owns the highest bins.
  let top = group * bins + bins - 1u - local * binsPerThread;
  var own = 0u;
  for (var k = 0u; k < binsPerThread; k++) { own += histogram[top - k]; }
  sums[local] = own;
  for (var reach = 1u; reach < workgroupSize; reach *= 2u) {
    workgroupBarrier();
    let below = select(0u, sums[max(local, reach) - reach], local >= reach);
    workgroupBarrier();
    sums[local] += below;
  }
  workgroupBarrier();

  var above = sums[local] - own;
  let all = sums[workgroupSize - 1u];
  let finds = above < rank.remaining && rank.remaining <= sums[local];
  // Nothing to keep: a prefix of ones, which no weight has. More to keep than there is: a prefix of zeros.
  let none = rank.remaining == 0u && local == 0u;
  let everything = rank.remaining > all && local == workgroupSize - 1u;
  if (rank.settled == 0u && (finds || none || everything)) {
    var bin = select(0u, digit.last, none);
    if (finds) {
      var k = 0u;
      while (above + histogram[top - k] < rank.remaining) { above += histogram[top - k]; k++; }
      bin = top - k - group * bins;
      rank.remaining -= above;
      rank.settled = select(0u, 1u, histogram[top - k] == rank.remaining);
    }
    if (digit.ofIndex == 0u) { rank.key |= bin << digit.shift; } else { rank.order |= bin << digit.shift; }
    ranks[group] = rank;
    thresholds[group] = vec2u(rank.key, digit.indices - rank.order);
  }
  for (var k = 0u; k < binsPerThread; k++) { histogram[top - k] = 0u; }
}
