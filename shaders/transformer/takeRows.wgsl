// output[i] = row rows[i] of x, zeros where rows[i] is -1; one thread a float.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> rows: array<i32>;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i >= arrayLength(&output)) { return; }
  let row = rows[i / shape.width];
  output[i] = select(0.0, x[u32(max(row, 0)) * shape.width + i % shape.width], row >= 0);
}
