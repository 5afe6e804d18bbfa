// output = softmax(query key^T scale) value; keeps the probabilities [batch, heads, tokens, tokens] for the gradient.
@group(0) @binding(1) var<storage, read> stacked: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;
@group(0) @binding(3) var<storage, read_write> probabilities: array<f32>;

fn left(i: u32) -> f32 { return stacked[i]; }
fn right(i: u32) -> f32 { return stacked[i]; }
fn vector(i: u32) -> f32 { return stacked[i]; }

fn score(at: Block, key: u32, product: f32) -> f32 {
  return product * shape.scale + ignored(at.head / shape.heads, key);
}

fn finish(at: Block, row: u32, column: u32, sum: f32) {
  output[outputStart(at.head) + (at.first + row) * outputStride() + column] = sum;
}

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32,
) {
  let at = blockOf(group, groups);
  if (at.head >= shape.batch * shape.heads) { return; }
  let stride = stackedStride();
  multiply(at, thread, stackedStart(at.head, queryPart), stride, stackedStart(at.head, keyPart), stride);
  for (var row = 0u; row < at.rows; row += rowsAtOnce) { softmax(row + thread / lanes, thread); }
  workgroupBarrier();
  let to = (at.head * shape.tokens + at.first) * shape.tokens;
  for (var i = thread; i < at.rows * shape.tokens; i += threads) { probabilities[to + i] = pairs[i]; }
  mix(at, thread, stackedStart(at.head, valuePart), stride);
}

// Turns a row of scores into probabilities. Rows past the end are 0 and become finite numbers that nobody reads.
fn softmax(row: u32, thread: u32) {
  let lane = thread % lanes;
  let start = row * shape.tokens;
  var largest = -3e38;
  for (var i = lane; i < shape.tokens; i += lanes) { largest = max(largest, pairs[start + i]); }
  largest = largestOfLanes(thread, largest);
  var own = 0.0;
  for (var i = lane; i < shape.tokens; i += lanes) {
    let e = exp(pairs[start + i] - largest);
    pairs[start + i] = e;
    own += e;
  }
  let sum = sumOfLanes(thread, own);
  for (var i = lane; i < shape.tokens; i += lanes) { pairs[start + i] /= sum; }
}

fn largestOfLanes(thread: u32, own: f32) -> f32 {
  workgroupBarrier();
  partial[thread] = own;
  workgroupBarrier();
  var largest = own;
  let firstLane = thread / lanes * lanes;
  for (var lane = 0u; lane < lanes; lane += 1u) { largest = max(largest, partial[firstLane + lane]); }
  return largest;
}
