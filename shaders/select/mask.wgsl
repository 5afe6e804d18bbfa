// Cuts: keeps what reaches its group's threshold. Entry point `main` zeroes the others with their moments and
// importance; `free` keeps the moments, `latent` the values too. One thread a word of the mask, 32 weights of one tile.
// After a halt the scores may come from a bad gradient: nothing is cut.
@group(0) @binding(0) var<uniform> control: Control;
@group(0) @binding(1) var<storage, read> scores: array<u32>;
@group(0) @binding(2) var<storage, read> tiles: array<u32>;
@group(0) @binding(3) var<storage, read> thresholds: array<vec2u>;
@group(0) @binding(4) var<storage, read_write> mask: array<u32>;
@group(0) @binding(5) var<storage, read_write> weights: array<f32>;
@group(0) @binding(6) var<storage, read_write> moment1: array<f32>;
@group(0) @binding(7) var<storage, read_write> moment2: array<f32>;
@group(0) @binding(8) var<storage, read_write> importance: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  cut(flatIndex(thread, groups), true);
}

@compute @workgroup_size(workgroupSize)
fn free(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  cut(flatIndex(thread, groups), false);
}

fn cut(word: u32, forgets: bool) {
  if (word >= arrayLength(&mask) || control.halted != 0u) { return; }
  let members = membersOf(word);
  mask[word] = members;
  let count = wordCount(tiles[word >> 1u], word);
  for (var bit = 0u; bit < count; bit++) {
    if (bitOf(members, bit)) { continue; }
    let i = word * 32u + bit;
    weights[i] = 0.0;
    importance[i] = 0.0;
    if (forgets) {
      moment1[i] = 0.0;
      moment2[i] = 0.0;
    }
  }
}

@compute @workgroup_size(workgroupSize)
fn latent(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let word = flatIndex(thread, groups);
  if (word >= arrayLength(&mask) || control.halted != 0u) { return; }
  mask[word] = membersOf(word);
}
