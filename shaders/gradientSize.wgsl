// Partial sums of |g| over the prunable part, kept weights and cut ones alike, 16384 floats a workgroup, always in the
// same order;
// `norm` finishes them.
@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<storage, read> grads: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> sums: array<vec2f>;

const chunk = 4096u;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let chunkIndex = group.x + group.y * groups.x;
  let end = min((chunkIndex + 1u) * chunk, step.prunableLength / 4u);
  var sum = vec4f();
  for (var i = chunkIndex * chunk + local; i < end; i += workgroupSize) { sum += abs(grads[i]); }
  let total = pairSum(local, vec2f(dot(sum, vec4f(1.0)), 0.0));
  if (local == 0u && chunkIndex < arrayLength(&sums)) { sums[chunkIndex] = total; }
}
