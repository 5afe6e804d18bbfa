@group(0) @binding(0) var<storage, read> x: array<i32>;
@group(0) @binding(1) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i < arrayLength(&output)) { output[i] = f32(x[i]); }
}
