// output = x where the 24 random bits of an element reach the threshold, times 1 / (1 - rate), else 0. The same bits as
// dropoutMask in src/tf/ops/dropout.ts; the gradient is the same kernel on the gradient.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> random: array<u32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i >= arrayLength(&output)) { return; }
  let key = randomBits(random[0], shape.stream, random[1]);
  let stays = randomBits(key, shape.stream, i) >> 8u >= shape.threshold;
  output[i] = select(0.0, x[i] * shape.kept, stays);
}
