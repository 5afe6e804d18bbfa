// scoresGrad = p (g - sum over keys of p g) with g = outputGrad . value, and queryGrad = scale scoresGrad key.
@group(0) @binding(1) var<storage, read> stacked: array<f32>;
@group(0) @binding(2) var<storage, read> outputGrad: array<f32>;
@group(0) @binding(3) var<storage, read> probabilities: array<Kept>;
@group(0) @binding(4) var<storage, read_write> scoresGrad: array<f32>;
@group(0) @binding(5) var<storage, read_write> stackedGrad: array<f32>;

fn left(i: u32) -> f32 { return outputGrad[i]; }
fn right(i: u32) -> f32 { return stacked[i]; }
fn vector(i: u32) -> f32 { return stacked[i]; }
fn score(at: Block, key: u32, product: f32) -> f32 { return product; }

fn finish(at: Block, row: u32, column: u32, sum: f32) {
  stackedGrad[stackedStart(at.head, queryPart) + (at.first + row) * stackedStride() + column] = sum * shape.scale;
}

fn load(i: u32) -> f32 { return scoresGrad[i]; }
fn store(i: u32, value: f32) { scoresGrad[i] = value; }
fn put(i: u32, value: f32) { scoresGrad[i] = value; }

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
  multiply(at, thread, outputStart(at.head), outputStride(), stackedStart(at.head, valuePart), stride);
  for (var row = 0u; row < at.rows; row += members / lanes) { softmaxGradient(at, row + thread / lanes, thread); }
  wait();
  keep(at, thread);
  mix(at, thread, stackedStart(at.head, keyPart), stride);
}

fn softmaxGradient(at: Block, row: u32, thread: u32) {
  let lane = thread % lanes;
  let start = row * shape.tokens;
  let kept = pairsStart(at) + start;
  var own = 0.0;
  for (var i = lane; i < shape.tokens; i += lanes) { own += f32(probabilities[kept + i]) * pair(at, start + i); }
  let sum = sumOfLanes(thread, own);
  for (var i = lane; i < shape.tokens; i += lanes) {
    setPair(at, start + i, f32(probabilities[kept + i]) * (pair(at, start + i) - sum));
  }
}
