// xGrad = outputGrad d(x Phi(x))/dx = outputGrad (Phi(x) + x phi(x)).
@group(0) @binding(0) var<storage, read> before: array<f32>;
@group(0) @binding(1) var<storage, read> outputGrad: array<f32>;
@group(0) @binding(2) var<storage, read_write> beforeGrad: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i >= arrayLength(&beforeGrad)) { return; }
  let x = before[i];
  let density = 0.39894228 * exp(-0.5 * x * x);
  beforeGrad[i] = outputGrad[i] * (normalCdf(x) + x * density);
}
