// Scoring before training: weights stay, gradients and SEVEN's statistics are gathered. moment1 becomes the mean gradient
// over the batches so far; zero it before training.
@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<uniform> control: Control;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read> grads: array<f32>;
@group(0) @binding(4) var<storage, read> mask: array<u32>;
@group(0) @binding(5) var<storage, read_write> moment1: array<f32>;
@group(0) @binding(6) var<storage, read_write> noiseMean: array<f32>;
@group(0) @binding(7) var<storage, read_write> noiseSquare: array<f32>;
@group(0) @binding(8) var<storage, read_write> importance: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i >= step.prunableLength || control.halted != 0u) { return; }
  if (!bitOf(mask[i >> 5u], i)) {
    moment1[i] = 0.0;
    forgetNoise(i);
    return;
  }
  let g = grads[i];
  moment1[i] += (g - moment1[i]) * step.meanShare;
  gatherNoise(i, weights[i], g);
}
