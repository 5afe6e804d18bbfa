// Mean cross-entropy of logits [rows, classes] and its gradient, in one workgroup: sums are added in the order of threads.
// The target is 1 - smoothing + smoothing / classes on the label, smoothing / classes elsewhere; label -1 counts nothing.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> labels: array<i32>;
@group(0) @binding(3) var<storage, read_write> loss: array<f32>;
@group(0) @binding(4) var<storage, read_write> logitsGrad: array<f32>;

const threads = 64u;
var<workgroup> losses: array<f32, threads>;
var<workgroup> counts: array<f32, threads>;

@compute @workgroup_size(threads)
fn main(@builtin(local_invocation_id) local: vec3u) {
  var sum = 0.0;
  var count = 0.0;
  for (var row = local.x; row < shape.rows; row += threads) {
    if (labels[row] < 0) { continue; }
    sum += rowLoss(row);
    count += 1.0;
  }
  losses[local.x] = sum;
  counts[local.x] = count;
  workgroupBarrier();
  var total = 0.0;
  var real = 0.0;
  for (var i = 0u; i < threads; i++) {
    total += losses[i];
    real += counts[i];
  }
  real = max(real, 1.0);
  if (local.x == 0u) { loss[0] = total / real; }
  for (var row = local.x; row < shape.rows; row += threads) { scaleRow(row, 1.0 / real); }
}

// The loss of a row; leaves probability - target in logitsGrad.
fn rowLoss(row: u32) -> f32 {
  let first = row * shape.classes;
  let label = u32(labels[row]);
  let share = shape.smoothing / f32(shape.classes);
  var largest = logits[first];
  for (var i = 1u; i < shape.classes; i++) { largest = max(largest, logits[first + i]); }
  var exponentials = 0.0;
  var all = 0.0;
  for (var i = 0u; i < shape.classes; i++) {
    let shifted = logits[first + i] - largest;
    exponentials += exp(shifted);
    all += shifted;
  }
  for (var i = 0u; i < shape.classes; i++) {
    let aim = share + select(0.0, 1.0 - shape.smoothing, i == label);
    logitsGrad[first + i] = exp(logits[first + i] - largest) / exponentials - aim;
  }
  return log(exponentials) - (1.0 - shape.smoothing) * (logits[first + label] - largest) - share * all;
}

fn scaleRow(row: u32, factor: f32) {
  let real = labels[row] >= 0;
  for (var i = row * shape.classes; i < (row + 1u) * shape.classes; i++) {
    logitsGrad[i] = select(0.0, logitsGrad[i] * factor, real);
  }
}
