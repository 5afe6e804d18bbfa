// Turns gradients of probabilities into gradients of scores, in place: p (g - sum of p g over the row); one thread a row.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> probabilities: array<f32>;
@group(0) @binding(2) var<storage, read_write> scoresGrad: array<f32>;

@compute @workgroup_size(threads)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = thread.x + thread.y * groups.x * threads;
  if (row >= shape.batch * shape.heads * shape.tokens) { return; }
  let start = row * shape.tokens;
  let end = start + shape.tokens;
  var sum = 0.0;
  for (var i = start; i < end; i++) { sum += probabilities[i] * scoresGrad[i]; }
  for (var i = start; i < end; i++) { scoresGrad[i] = probabilities[i] * (scoresGrad[i] - sum); }
}
