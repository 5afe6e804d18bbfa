// Turns rows of scores into probabilities, in place; one thread a row.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read_write> scores: array<f32>;

@compute @workgroup_size(threads)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = thread.x + thread.y * groups.x * threads;
  if (row >= shape.batch * shape.heads * shape.tokens) { return; }
  let start = row * shape.tokens;
  let end = start + shape.tokens;
  var largest = scores[start];
  for (var i = start + 1u; i < end; i++) { largest = max(largest, scores[i]); }
  var sum = 0.0;
  for (var i = start; i < end; i++) {
    let e = exp(scores[i] - largest);
    scores[i] = e;
    sum += e;
  }
  for (var i = start; i < end; i++) { scores[i] /= sum; }
}
