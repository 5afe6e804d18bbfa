// One optimizer step and SEVEN's gradient-noise statistics, in one pass over all parameters.
// A pruned weight is held at 0 together with its moments and statistics (docs/algorithms.md 0.2, family Z). The statistics take
// the gradient as it came (unclipped) and the weight after the step, as the released SEVEN code does.
@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<uniform> control: Control;
@group(0) @binding(2) var<storage, read_write> weights: array<f32>;
@group(0) @binding(3) var<storage, read> grads: array<f32>;
@group(0) @binding(4) var<storage, read_write> moment1: array<f32>;
@group(0) @binding(5) var<storage, read_write> moment2: array<f32>;
@group(0) @binding(6) var<storage, read> mask: array<u32>;
@group(0) @binding(7) var<storage, read_write> noiseMean: array<f32>;
@group(0) @binding(8) var<storage, read_write> noiseSquare: array<f32>;
@group(0) @binding(9) var<storage, read_write> importance: array<f32>;

fn prune(i: u32) {
  weights[i] = 0.0;
  moment1[i] = 0.0;
  moment2[i] = 0.0;
  forgetNoise(i);
}

// Loshchilov & Hutter, arXiv:1711.05101, algorithm 2; decay is decoupled.
@compute @workgroup_size(workgroupSize)
fn adamw(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i >= step.length || control.halted != 0u) { return; }
  let prunable = i < step.prunableLength;
  if (prunable && !bitOf(mask[i >> 5u], i)) { prune(i); return; }

  let g = grads[i];
  let clipped = g * control.clipFactor;
  let m = step.beta1 * moment1[i] + step.beta1Rest * clipped;
  let v = step.beta2 * moment2[i] + step.beta2Rest * clipped * clipped;
  let decayed = weights[i] * select(1.0, step.decayFactor, i < step.decayLength);
  let w = decayed - step.adamRate * m / (sqrt(v) * step.adamScale + step.epsilon);
  moment1[i] = m;
  moment2[i] = v;
  weights[i] = w;
  if (prunable) { gatherNoise(i, w, g); }
}

@compute @workgroup_size(workgroupSize)
fn sgd(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i >= step.length || control.halted != 0u) { return; }
  let prunable = i < step.prunableLength;
  if (prunable && !bitOf(mask[i >> 5u], i)) { prune(i); return; }

  let g = grads[i];
  let velocity = step.momentum * moment1[i] + g * control.clipFactor;
  let w = weights[i] * select(1.0, step.decayFactor, i < step.decayLength) - step.rate * velocity;
  moment1[i] = velocity;
  weights[i] = w;
  if (prunable) { gatherNoise(i, w, g); }
}
