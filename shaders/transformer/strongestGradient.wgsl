// xGrad = outputGrad where `strongest` let an entry stay, 0 elsewhere; one thread a float.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> output: array<u32>;
@group(0) @binding(2) var<storage, read> zeros: array<u32>;
@group(0) @binding(3) var<storage, read> outputGrad: array<f32>;
@group(0) @binding(4) var<storage, read_write> xGrad: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i >= arrayLength(&xGrad)) { return; }
  let stays = (output[i] & 0x7fffffffu) != 0u || i % shape.width < zeros[i / shape.width];
  xGrad[i] = select(0.0, outputGrad[i], stays);
}
