// output = softmax(query key^T scale) value; `keep` stores the probabilities [batch, heads, tokens, tokens] for the
// gradient.
@group(0) @binding(1) var<storage, read> stacked: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

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
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  let at = blockOf(group, groups, index);
  if (at.head >= shape.batch * shape.heads) { return; }
  let thread = index % members;
  let stride = stackedStride();
  multiply(at, thread, stackedStart(at.head, queryPart), stride, stackedStart(at.head, keyPart), stride);
  for (var row = 0u; row < at.rows; row += members / lanes) { softmax(at, row + thread / lanes, thread); }
  wait();
  keep(at, thread);
  mix(at, thread, stackedStart(at.head, valuePart), stride);
}

// Turns a row of scores into probabilities.
fn softmax(at: Block, row: u32, thread: u32) {
  let lane = thread % lanes;
  let start = row * shape.tokens;
  var largest = -3e38;
  for (var i = lane; i < shape.tokens; i += lanes) { largest = max(largest, pair(at, start + i)); }
  largest = largestOfLanes(thread, largest);
  var own = 0.0;
  for (var i = lane; i < shape.tokens; i += lanes) {
    let e = exp(pair(at, start + i) - largest);
    setPair(at, start + i, e);
    own += e;
  }
  let sum = sumOfLanes(thread, own);
  for (var i = lane; i < shape.tokens; i += lanes) { setPair(at, start + i, pair(at, start + i) / sum); }
}
