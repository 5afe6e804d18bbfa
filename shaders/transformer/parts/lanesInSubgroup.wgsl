// `lanes` neighbouring threads share a row, and read each other's registers: no memory and no barrier. All lie in one
// subgroup of `subgroupThreads`, which divides the workgroup, in the order of threads. Sums run in the order of lanes,
// as in lanesTogether.wgsl, so that both give the same bits.
fn sumOfLanes(thread: u32, own: f32) -> f32 {
  let first = thread % subgroupThreads / lanes * lanes;
  var sum = 0.0;
  for (var lane = 0u; lane < lanes; lane += 1u) { sum += subgroupShuffle(own, first + lane); }
  return sum;
}

fn largestOfLanes(thread: u32, own: f32) -> f32 {
  let first = thread % subgroupThreads / lanes * lanes;
  var largest = own;
  for (var lane = 0u; lane < lanes; lane += 1u) { largest = max(largest, subgroupShuffle(own, first + lane)); }
  return largest;
}
