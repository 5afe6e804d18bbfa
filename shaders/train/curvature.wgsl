// (H d) by central differences: gradients at initial + amount d and at initial - amount d, d the mean gradient in
// moment1. Around two backward passes: forth, back, home. A thread owns four floats.
@group(0) @binding(0) var<uniform> difference: Difference;
@group(0) @binding(1) var<storage, read> initial: array<vec4f>;
@group(0) @binding(2) var<storage, read> moment1: array<vec4f>;
@group(0) @binding(3) var<storage, read> grads: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> weights: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> curvature: array<vec4f>;
// The gradient at the step forward; then the one at the step back is subtracted: the difference of two near numbers is
// exact.
@group(0) @binding(6) var<storage, read_write> moment2: array<vec4f>;

@compute @workgroup_size(workgroupSize)
fn forth(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i * 4u >= difference.length) { return; }
  weights[i] = initial[i] + difference.amount * moment1[i];
}

@compute @workgroup_size(workgroupSize)
fn back(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i * 4u >= difference.length) { return; }
  moment2[i] = grads[i];
  weights[i] = initial[i] - difference.amount * moment1[i];
}

@compute @workgroup_size(workgroupSize)
fn home(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i * 4u >= difference.length) { return; }
  curvature[i] += difference.share * (moment2[i] - grads[i]);
  weights[i] = initial[i];
}
