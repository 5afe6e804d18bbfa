// output [outer, inner] = factor times the sum of x [outer, length, inner] over its middle axis, in order; one thread a
// float.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(rowThreads)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = thread.x + thread.y * groups.x * rowThreads;
  if (i >= arrayLength(&output)) { return; }
  let start = i / shape.inner * shape.length * shape.inner + i % shape.inner;
  var sum = 0.0;
  for (var k = 0u; k < shape.length; k++) { sum += x[start + k * shape.inner]; }
  output[i] = sum * shape.factor;
}
