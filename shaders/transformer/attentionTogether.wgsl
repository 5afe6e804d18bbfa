// The threads of a workgroup own `blockRows` queries of one head together; their numbers for every key lie in its memory.
const members = threads;
const lanes = max(1u, threads / blockRows);

var<workgroup> pairs: array<f32, pairFloats>;
var<workgroup> partial: array<f32, threads>;

fn pair(at: Block, i: u32) -> f32 { return pairs[i]; }
fn setPair(at: Block, i: u32, value: f32) { pairs[i] = value; }
fn wait() { workgroupBarrier(); }

fn blockOf(group: vec3u, groups: vec3u, thread: u32) -> Block { return blockNumber(group.x + group.y * groups.x); }

// Copies the numbers to where the gradient reads them.
fn keep(at: Block, thread: u32) {
  for (var i = thread; i < at.rows * shape.tokens; i += threads) { store(pairsStart(at) + i, pairs[i]); }
}

// The sum of what the lanes of a row bring, added in the order of lanes; every lane gets it.
fn sumOfLanes(thread: u32, own: f32) -> f32 {
  workgroupBarrier();
  partial[thread] = own;
  workgroupBarrier();
  var sum = 0.0;
  let first = thread / lanes * lanes;
  for (var lane = 0u; lane < lanes; lane += 1u) { sum += partial[first + lane]; }
  return sum;
}

fn largestOfLanes(thread: u32, own: f32) -> f32 {
  workgroupBarrier();
  partial[thread] = own;
  workgroupBarrier();
  var largest = own;
  let first = thread / lanes * lanes;
  for (var lane = 0u; lane < lanes; lane += 1u) { largest = max(largest, partial[first + lane]); }
  return largest;
}
