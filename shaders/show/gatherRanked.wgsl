// What else is known of some weights (gather.wgsl binds eight buffers already). One thread an index.
struct Ranked { sensed: f32, score: u32, gradient: f32 }

@group(0) @binding(0) var<storage, read> indices: array<u32>;
@group(0) @binding(1) var<storage, read> sensed: array<f32>;
@group(0) @binding(2) var<storage, read> scores: array<u32>;
@group(0) @binding(3) var<storage, read> grads: array<f32>;
@group(0) @binding(4) var<storage, read_write> ranked: array<Ranked>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let k = flatIndex(thread, groups);
  if (k >= arrayLength(&indices) || k >= arrayLength(&ranked)) { return; }
  let i = indices[k];
  if (i >= arrayLength(&sensed)) { return; }
  ranked[k] = Ranked(sensed[i], scores[i], grads[i]);
}
