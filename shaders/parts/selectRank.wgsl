// What is known of a group after some digits: the prefix of the last kept weight's key, how many weights are still to
// be kept among those that share it, and whether that is all of them; then `order` is the last index that is kept.
struct Rank { key: u32, order: u32, remaining: u32, settled: u32 }

// A workgroup's piece of the prunable part: tiles [first, end), all of one group. Its first piece keeps the group's
// records.
struct Chunk { first: u32, end: u32, group: u32, number: u32 }

// How many weights a group keeps; its chunks are [firstChunk, endChunk), in the order of the indices.
struct Budget { kept: u32, firstChunk: u32, endChunk: u32 }

@group(0) @binding(0) var<uniform> digit: Digit;
@group(0) @binding(1) var<storage, read> chunks: array<Chunk>;
@group(0) @binding(2) var<storage, read> budgets: array<Budget>;
@group(0) @binding(3) var<storage, read_write> ranks: array<Rank>;
@group(0) @binding(4) var<storage, read_write> histogram: array<atomic<u32>>;
@group(0) @binding(5) var<storage, read> scores: array<vec4u>;
@group(0) @binding(6) var<storage, read> tiles: array<u32>;

const binsPerThread = bins / workgroupSize;
const everyIndex = 0xffffffffu;
var<workgroup> picked: Rank;

// The group's rank before this pass. Every workgroup of the group finds it by itself, from the histogram of the pass
// before, so that it costs no dispatch.
fn rankOf(group: u32, local: u32) -> Rank {
  if (digit.number == 0u) {
    let count = budgets[group].kept;
    // A key of ones, which no weight has: nothing is kept.
    return Rank(select(0u, 0xffffffffu, count == 0u), 0u, count, select(0u, 1u, count == 0u));
  }
  let rank = recordedRank(digit.number - 1u, group, local);
  if (rank.settled != 0u) { return rank; }

  // Thread 0 owns the highest bins.
  let base = ((digit.number - 1u) * digit.groups + group) * bins;
  let top = base + bins - 1u - local * binsPerThread;
  var own = 0u;
  for (var k = 0u; k < binsPerThread; k++) { own += atomicLoad(&histogram[top - k]); }
  let place = locate(local, own, rank.remaining);
  if (local == 0u) { picked = pickOf(rank, base, place); }
  return workgroupUniformLoad(&picked);
}

// Appends the digit of the bin that holds the last weight to be kept. A group is settled once that bin is kept whole:
// the prefix followed by zeros is its threshold.
fn pickOf(rank: Rank, base: u32, place: Found) -> Rank {
  if (place.slot == workgroupSize) { return Rank(rank.key, everyIndex, 0u, 1u); }
  var above = place.before;
  var bin = bins - 1u - place.slot * binsPerThread;
  var count = atomicLoad(&histogram[base + bin]);
  while (above + count < rank.remaining) {
    above += count;
    bin--;
    count = atomicLoad(&histogram[base + bin]);
  }
  let remaining = rank.remaining - above;
  return Rank(rank.key | (bin << digit.shiftBefore), everyIndex, remaining, select(0u, 1u, count == remaining));
}

fn recordedRank(before: u32, group: u32, local: u32) -> Rank {
  if (local == 0u) { picked = ranks[before * digit.groups + group]; }
  return workgroupUniformLoad(&picked);
}

// Leaves the rank for the next pass.
fn recordRank(chunk: Chunk, rank: Rank, local: u32) {
  if (chunk.number == 0u && local == 0u) { ranks[digit.number * digit.groups + chunk.group] = rank; }
}
