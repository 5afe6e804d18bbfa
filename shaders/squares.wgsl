// Partial sums of squares of the gradients, 4096 floats a workgroup, always in the same order.
// partials[w] = (sum of squares, number of values that are not finite).
@group(0) @binding(0) var<storage, read> grads: array<f32>;
@group(0) @binding(1) var<storage, read_write> partials: array<vec2f>;

const chunk = 4096u;
var<workgroup> sums: array<vec2f, workgroupSize>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(local_invocation_index) local: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let chunkIndex = group.x + group.y * groups.x;
  let length = arrayLength(&grads);
  var sum = vec2f();
  for (var k = 0u; k < chunk; k += workgroupSize) {
    let i = chunkIndex * chunk + k + local;
    if (i < length) {
      let g = grads[i];
      sum += vec2f(g * g, select(1.0, 0.0, isFinite(g)));
    }
  }
  sums[local] = sum;
  for (var half = workgroupSize / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (local < half) { sums[local] += sums[local + half]; }
  }
  if (local == 0u && chunkIndex < arrayLength(&partials)) { partials[chunkIndex] = sums[0]; }
}
