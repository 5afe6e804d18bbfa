// x [batch, height, width, channels] cut into patches of size x size: [batch, rows * columns, size * size * channels].
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i >= arrayLength(&output)) { return; }
  let channel = i % shape.channels;
  let right = i / shape.channels % shape.size;
  let down = i / (shape.channels * shape.size) % shape.size;
  let place = i / (shape.channels * shape.size * shape.size);
  let columns = shape.width / shape.size;
  let y = place / columns * shape.size + down;
  output[i] = x[(y * shape.width + place % columns * shape.size + right) * shape.channels + channel];
}
