// Scoring before training: weights stay, gradients and SEVEN's statistics are gathered, also of pruned weights where
// they may come back. moment1 becomes the mean gradient over the batches since the last cut; zero it before training. A
// thread owns four floats.
@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<uniform> control: Control;
@group(0) @binding(2) var<storage, read> weights: array<vec4f>;
@group(0) @binding(3) var<storage, read> grads: array<vec4f>;
@group(0) @binding(4) var<storage, read> mask: array<u32>;
@group(0) @binding(5) var<storage, read_write> moment1: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> noiseMean: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> noiseSquare: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> importance: array<vec4f>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i * 4u >= step.prunableLength || control.halted != 0u) { return; }
  let kept = fourBits(select(0xffffffffu, mask[i >> 3u], step.pruned == prunedHeld && step.regrows == 0u), i);
  let g = grads[i];
  let mean = select(moment1[i], vec4f(), step.meanShare == 1.0);
  moment1[i] = select(vec4f(), mean + (g - mean) * step.meanShare, kept);
  gatherNoise(i, weights[i], g, kept, true);
}
