// `lanes` neighbouring threads share a row, and add up their results through the memory of their workgroup.
var<workgroup> partial: array<f32, threads>;

// The sum of the values of a row's lanes, added in the order of lanes; every lane gets it.
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
