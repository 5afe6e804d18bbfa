// Adversarial images: entry point `start` puts an image at a place within the radius, `climb` takes one step up the
// loss by the sign of its gradient and projects back. The radius counts in shares of the range of a channel,
// levels[255] - levels[0]: images are normalised numbers. One thread a number.
@group(0) @binding(0) var<uniform> shape: AttackShape;
@group(0) @binding(1) var<storage, read> levels: array<f32>;
@group(0) @binding(2) var<storage, read> clean: array<f32>;
@group(0) @binding(3) var<storage, read> gradient: array<f32>;
@group(0) @binding(4) var<storage, read> random: array<u32>;
@group(0) @binding(5) var<storage, read_write> images: array<f32>;

@compute @workgroup_size(workgroupSize)
fn start(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i >= shape.length) { return; }
  let key = randomBits(random[0], shape.stream, random[1]);
  let place = 2.0 * randomUniform(key, shape.stream, i) - 1.0;
  images[i] = projected(i, clean[i] + place * shape.spread * range(i));
}

@compute @workgroup_size(workgroupSize)
fn climb(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i >= shape.length) { return; }
  images[i] = projected(i, images[i] + sign(gradient[i]) * shape.stride * range(i));
}

fn projected(i: u32, x: f32) -> f32 {
  let channel = i % shape.channels;
  let reach = shape.radius * range(i);
  let near = min(max(x, clean[i] - reach), clean[i] + reach);
  return min(max(near, levels[channel * 256u]), levels[channel * 256u + 255u]);
}

fn range(i: u32) -> f32 {
  let channel = i % shape.channels;
  return levels[channel * 256u + 255u] - levels[channel * 256u];
}
