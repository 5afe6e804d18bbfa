// Partial sums of squares of the gradients, 16384 floats a workgroup, always in the same order.
// partials[w] = (sum of squares, number of values that are not finite).
@group(0) @binding(0) var<storage, read> grads: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> partials: array<vec2f>;

const chunk = 4096u;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let chunkIndex = group.x + group.y * groups.x;
  let end = min((chunkIndex + 1u) * chunk, arrayLength(&grads));
  var sum = vec4f();
  var bad = 0.0;
  for (var i = chunkIndex * chunk + local; i < end; i += workgroupSize) {
    let g = grads[i];
    sum += g * g;
    // Exponent bits all ones: WGSL may assume that no value is NaN or infinite, so comparisons cannot be trusted.
    bad += select(0.0, 1.0, any((bitcast<vec4u>(g) & vec4u(0x7f800000u)) == vec4u(0x7f800000u)));
  }
  let total = pairSum(local, vec2f(sum.x + sum.y + sum.z + sum.w, bad));
  if (local == 0u && chunkIndex < arrayLength(&partials)) { partials[chunkIndex] = total; }
}
