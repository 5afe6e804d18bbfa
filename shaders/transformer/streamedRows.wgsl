// What the gradient kernels need of each query row: (largest logit, 1 / sum, outputGrad . output). One thread a row.
@group(0) @binding(0) var<storage, read> output: array<f32>;
@group(0) @binding(1) var<storage, read> outputGrad: array<f32>;
@group(0) @binding(2) var<storage, read> softmax: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> rows: array<vec4f>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = flatIndex(thread, groups);
  if (row >= arrayLength(&rows)) { return; }
  var product = 0.0;
  for (var i = row * headWidth; i < (row + 1u) * headWidth; i++) { product += output[i] * outputGrad[i]; }
  rows[row] = vec4f(softmax[row], product, 0.0);
}
