// What tells sentinels (docs/algorithms.md 1.4), whatever the method: of every weight that the model computes with,
// `steady`, the mean over the run's gradients of SEVEN's discounted |w g| over the gradient's norm, `peak`, the largest
// |w g| over that norm, and `sensed`, its mean without the discount. All stay as they are while a weight is cut. Runs
// before the update: the weights are those where the gradient was taken, and the noise statistics still lack it. A
// thread owns four floats.
@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<uniform> control: Control;
@group(0) @binding(2) var<storage, read> weights: array<vec4f>;
@group(0) @binding(3) var<storage, read> grads: array<vec4f>;
@group(0) @binding(4) var<storage, read> mask: array<u32>;
@group(0) @binding(5) var<storage, read> noiseMean: array<vec4f>;
@group(0) @binding(6) var<storage, read> noiseSquare: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> steady: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> peak: array<vec4f>;
@group(0) @binding(9) var<storage, read_write> sensed: array<vec4f>;

// Which of four weights the model computes with: those that the mask keeps, and where pruned ones train on, those that
// have left 0.
fn aliveOf(i: u32) -> vec4<bool> {
  return fourBits(mask[i >> 3u], i) | ((weights[i] != vec4f()) & vec4<bool>(step.pruned == prunedFree));
}

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i * 4u >= step.prunableLength || control.halted != 0u || control.norm == 0.0) { return; }
  let a = abs(grads[i]);
  let sensitivity = abs(weights[i]) * (a / control.norm);
  let mean = (step.noiseMeanDecay * noiseMean[i] + step.noiseMeanRest * a) * step.noiseMeanCorrection;
  let square = (step.noiseSquareDecay * noiseSquare[i] + step.noiseSquareRest * a * a) * step.noiseSquareCorrection;
  let discounted = sensitivity * mean / (sqrt(square) + 1e-9);
  let alive = aliveOf(i);
  steady[i] = select(steady[i], steady[i] + (discounted - steady[i]) * step.witnessShare, alive);
  peak[i] = select(peak[i], max(peak[i], sensitivity), alive);
  sensed[i] = select(sensed[i], sensed[i] + (sensitivity - sensed[i]) * step.witnessShare, alive);
}
