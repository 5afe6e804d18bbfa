// Mean cross-entropy of logits [rows, classes] and its gradient, in one workgroup: `lanes` threads share a row, and
// sums are added in the order of rows and lanes. The target is 1 - smoothing + smoothing / classes on the label,
// smoothing / classes elsewhere; rows with label -1 do not count.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> labels: array<i32>;
@group(0) @binding(3) var<storage, read_write> loss: array<f32>;
@group(0) @binding(4) var<storage, read_write> logitsGrad: array<f32>;

const rowsAtOnce = threads / lanes;
var<workgroup> losses: array<f32, rowsAtOnce>;

@compute @workgroup_size(threads)
fn main(@builtin(local_invocation_index) thread: u32) {
  var counted = 0u;
  for (var row = 0u; row < shape.rows; row++) { counted += select(0u, 1u, labels[row] >= 0); }
  let factor = 1.0 / f32(max(counted, 1u));
  var sum = 0.0;
  for (var row = 0u; row < shape.rows; row += rowsAtOnce) { sum += rowLoss(row + thread / lanes, thread, factor); }
  if (thread % lanes == 0u) { losses[thread / lanes] = sum; }
  workgroupBarrier();
  if (thread != 0u) { return; }
  var total = 0.0;
  for (var i = 0u; i < rowsAtOnce; i += 1u) { total += losses[i]; }
  loss[0] = total * factor;
}

// The loss of a row, the same in all its lanes; stores (probability - target) factor.
fn rowLoss(row: u32, thread: u32, factor: f32) -> f32 {
  let lane = thread % lanes;
  let first = row * shape.classes;
  let share = shape.smoothing / f32(shape.classes);
  var largest = -3e38;
  for (var i = lane; i < shape.classes; i += lanes) { largest = max(largest, logits[first + i]); }
  largest = largestOfLanes(thread, largest);
  var exponentials = 0.0;
  var all = 0.0;
  for (var i = lane; i < shape.classes; i += lanes) {
    let shifted = logits[first + i] - largest;
    exponentials += exp(shifted);
    all += shifted;
  }
  exponentials = sumOfLanes(thread, exponentials);
  all = sumOfLanes(thread, all);
  if (row >= shape.rows) { return 0.0; }
  let real = labels[row] >= 0;
  let label = u32(labels[row]);
  for (var i = lane; i < shape.classes; i += lanes) {
    let aim = share + select(0.0, 1.0 - shape.smoothing, i == label);
    logitsGrad[first + i] = select(0.0, (exp(logits[first + i] - largest) / exponentials - aim) * factor, real);
  }
  let own = log(exponentials) - (1.0 - shape.smoothing) * (logits[first + label] - largest) - share * all;
  return select(0.0, own, real);
}
