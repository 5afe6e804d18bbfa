// What is known of some weights, for the weight under the pointer and the noise chart. One thread an index.
struct Reading { w: f32, noiseMean: f32, noiseSquare: f32, steady: f32, peak: f32, code: u32 }

@group(0) @binding(0) var<storage, read> indices: array<u32>;
@group(0) @binding(1) var<storage, read> weights: array<f32>;
@group(0) @binding(2) var<storage, read> noiseMean: array<f32>;
@group(0) @binding(3) var<storage, read> noiseSquare: array<f32>;
@group(0) @binding(4) var<storage, read> steady: array<f32>;
@group(0) @binding(5) var<storage, read> peak: array<f32>;
@group(0) @binding(6) var<storage, read> classes: array<u32>;
@group(0) @binding(7) var<storage, read_write> readings: array<Reading>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let k = flatIndex(thread, groups);
  if (k >= arrayLength(&indices) || k >= arrayLength(&readings)) { return; }
  let i = indices[k];
  if (i >= arrayLength(&steady)) { return; }
  readings[k] = Reading(weights[i], noiseMean[i], noiseSquare[i], steady[i], peak[i], classOf(i));
}
