// Adds the weights that the mask keeps to those that it ever kept. One thread a word of the mask.
@group(0) @binding(0) var<storage, read> mask: array<u32>;
@group(0) @binding(1) var<storage, read_write> visited: array<u32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let word = flatIndex(thread, groups);
  if (word >= arrayLength(&mask)) { return; }
  visited[word] |= mask[word];
}
