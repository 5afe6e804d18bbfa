// Scores every prunable weight by a method's formula. `Scoring`, `Knobs`, `knobs()` and `formula()` are made by score.ts.
// Scores are stored as bits, because a shader may not make a NaN and may not count on one to survive.
@group(0) @binding(0) var<uniform> scoring: Scoring;
@group(0) @binding(1) var<storage, read> weights: array<f32>;
@group(0) @binding(2) var<storage, read> grads: array<f32>;
@group(0) @binding(3) var<storage, read> mask: array<u32>;
@group(0) @binding(4) var<storage, read> noiseMean: array<f32>;
@group(0) @binding(5) var<storage, read> noiseSquare: array<f32>;
@group(0) @binding(6) var<storage, read> importance: array<f32>;
@group(0) @binding(7) var<storage, read_write> scores: array<u32>;

struct WeightView { w: f32, g: f32, noiseMean: f32, noiseSquare: f32, importance: f32, uniform: f32 }

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i >= scoring.length) { return; }
  if (scoring.nested != 0u && !bitOf(mask[i >> 5u], i)) {
    scores[i] = prunedScore;
    return;
  }
  let bits = bitcast<u32>(formula(viewOf(i)));
  scores[i] = select(bits, 0x7fc00000u, bits == prunedScore);
}
