// Rounds every weight of a tensor to its channel's int8 codes: symmetric, 127 steps each way, so that 0 stays 0. Pruned
// weights become 0 where the tensor has a mask. One workgroup 16 channels, 16 lanes a channel.
const lanes = 16u;
const steps = 127.0;
// Smaller ones are flushed to 0 on some devices and would then be divided by.
const smallestScale = 1.17549435e-38;

@group(0) @binding(0) var<uniform> shape: Channels;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read_write> weights: array<f32>;

var<workgroup> largest: array<f32, 256>;

fn place(channel: u32, i: u32) -> u32 {
  return shape.offset + channel * shape.channelStride + i * shape.stride;
}

fn effective(index: u32) -> f32 {
  if (shape.masked != 0u && !bitOf(mask[index >> 5u], index)) { return 0.0; }
  return weights[index];
}

@compute @workgroup_size(lanes, lanes)
fn main(
  @builtin(workgroup_id) at: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let channel = (at.x + at.y * groups.x) * lanes + local.x;
  let length = select(0u, shape.length, channel < shape.count);
  var most = 0.0;
  for (var i = local.y; i < length; i += lanes) { most = max(most, abs(effective(place(channel, i)))); }
  largest[local.y * lanes + local.x] = most;
  workgroupBarrier();
  for (var lane = 0u; lane < lanes; lane++) { most = max(most, largest[lane * lanes + local.x]); }
  let scale = most / steps;
  for (var i = local.y; i < length; i += lanes) {
    let index = place(channel, i);
    let code = clamp(round(effective(index) / max(scale, smallestScale)), -steps, steps);
    weights[index] = select(0.0, code * scale, scale >= smallestScale);
  }
}
