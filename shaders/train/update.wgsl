// One optimizer step and SEVEN's gradient-noise statistics, in one pass over all parameters. A pruned weight is held at
// 0 together with its moments and statistics (docs/algorithms.md 0.2, family Z), left as it is, or trained like any
// other (family L), as the step says. The statistics use the unclipped gradient and the weight after the step, as the
// released SEVEN code does. A thread owns four floats: the arena's parts end at multiples of 64.
@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<uniform> control: Control;
@group(0) @binding(2) var<storage, read_write> weights: array<vec4f>;
@group(0) @binding(3) var<storage, read> grads: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> moment1: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> moment2: array<vec4f>;
@group(0) @binding(6) var<storage, read> mask: array<u32>;
@group(0) @binding(7) var<storage, read_write> noiseMean: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> noiseSquare: array<vec4f>;
@group(0) @binding(9) var<storage, read_write> importance: array<vec4f>;

// Which of four floats are trained.
fn trainedOf(i: u32, prunable: bool) -> vec4<bool> {
  let all = !prunable || (step.pruned != prunedHeld && step.pruned != prunedLeft);
  return fourBits(select(mask[i >> 3u], 0xffffffffu, all), i);
}

// The new values of trained weights; the others stay as they are, or at 0.
fn settle(before: vec4f, after: vec4f, trained: vec4<bool>) -> vec4f {
  return select(select(before, vec4f(), step.pruned == prunedHeld), after, trained);
}

// Where pruned weights may come back, a second moment of 0 belongs to a newborn (or to a weight that never had a
// gradient): it starts as if all gradients before had been as large as this one. From 0 it would leap by up to 6.6
// learning rates.
fn secondMoment(before: vec4f, g: vec4f, prunable: bool) -> vec4f {
  let born = (before == vec4f()) & vec4<bool>(prunable && step.regrows != 0u);
  return select(step.beta2 * before + step.beta2Rest * g * g, g * g / (step.adamScale * step.adamScale), born);
}

// The factor on the learning rate.
fn paceOf(i: u32) -> f32 {
  return select(step.weightPace * shareOf(i), step.gatePace, i * 4u >= step.gatesFrom);
}

// What is left of a weight after decay.
fn decayOf(i: u32) -> f32 {
  return select(1.0, 1.0 - (1.0 - step.decayFactor) * shareOf(i), i * 4u < step.decayLength);
}

// A gate after its soft threshold and within its bounds, 0 for good once it is small; everything else stays as it is.
fn ruled(before: vec4f, after: vec4f, i: u32) -> vec4f {
  let shrunk = sign(after) * max(abs(after) - vec4f(step.gateShrink), vec4f());
  let bounded = clamp(shrunk, vec4f(step.gateLow), vec4f(step.gateHigh));
  let alive = ((abs(bounded) > vec4f(step.gateDead)) & (before != vec4f())) | vec4<bool>(step.gateDead < 0.0);
  return select(after, select(vec4f(), bounded, alive), i * 4u >= step.gatesFrom);
}

// Loshchilov & Hutter, arXiv:1711.05101, algorithm 2; decay is decoupled.
@compute @workgroup_size(workgroupSize)
fn adamw(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i * 4u >= step.length || control.halted != 0u) { return; }
  let prunable = i * 4u < step.prunableLength;
  let trained = trainedOf(i, prunable);

  let g = grads[i];
  let clipped = g * control.clipFactor;
  let m = step.beta1 * moment1[i] + step.beta1Rest * clipped;
  let v = secondMoment(moment2[i], clipped, prunable);
  let decayed = weights[i] * decayOf(i);
  let w = ruled(weights[i], decayed - step.adamRate * paceOf(i) * m / (sqrt(v) * step.adamScale + step.epsilon), i);
  moment1[i] = settle(moment1[i], m, trained);
  moment2[i] = settle(moment2[i], v, trained);
  weights[i] = settle(weights[i], w, trained);
  if (prunable) { gatherNoise(i, w, g, trained, step.pruned == prunedHeld); }
}

@compute @workgroup_size(workgroupSize)
fn sgd(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i * 4u >= step.length || control.halted != 0u) { return; }
  let prunable = i * 4u < step.prunableLength;
  let trained = trainedOf(i, prunable);

  let g = grads[i];
  let velocity = step.momentum * moment1[i] + g * control.clipFactor;
  let decayed = weights[i] * decayOf(i);
  let w = ruled(weights[i], decayed - step.rate * paceOf(i) * velocity, i);
  moment1[i] = settle(moment1[i], velocity, trained);
  if (!all(trained)) { moment2[i] = settle(moment2[i], moment2[i], trained); }
  weights[i] = settle(weights[i], w, trained);
  if (prunable) { gatherNoise(i, w, g, trained, step.pruned == prunedHeld); }
}
