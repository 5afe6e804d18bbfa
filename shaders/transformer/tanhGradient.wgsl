// Gradient of what enters a tanh, from its output.
@group(0) @binding(0) var<storage, read> outputGrad: array<f32>;
@group(0) @binding(1) var<storage, read> output: array<f32>;
@group(0) @binding(2) var<storage, read_write> inputGrad: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i < arrayLength(&inputGrad)) { inputGrad[i] = outputGrad[i] * (1.0 - output[i] * output[i]); }
}
