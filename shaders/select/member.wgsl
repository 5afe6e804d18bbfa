// The set of weights that reach their group's threshold, bit-packed; `positive` leaves out those whose score is not
// above 0. One thread a word.
@group(0) @binding(0) var<storage, read> scores: array<u32>;
@group(0) @binding(1) var<storage, read> tiles: array<u32>;
@group(0) @binding(2) var<storage, read> thresholds: array<vec2u>;
@group(0) @binding(3) var<storage, read_write> members: array<u32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let word = flatIndex(thread, groups);
  if (word < arrayLength(&members)) { members[word] = membersOf(word); }
}

@compute @workgroup_size(workgroupSize)
fn positive(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let word = flatIndex(thread, groups);
  if (word < arrayLength(&members)) { members[word] = membersOf(word) & positiveOf(word); }
}

fn positiveOf(word: u32) -> u32 {
  var above = 0u;
  for (var bit = 0u; bit < 32u; bit++) { above |= select(0u, 1u << bit, rankKey(scores[word * 32u + bit]) > zeroKey); }
  return above;
}
