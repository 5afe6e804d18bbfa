// Lowers the thresholds (key, index) of groups to a score: every weight above it is kept, too. One thread a group.
@group(0) @binding(0) var<uniform> limit: Limit;
@group(0) @binding(1) var<storage, read_write> thresholds: array<vec2u>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let group = thread.x;
  if (group >= arrayLength(&thresholds)) { return; }
  // The key after the limit's, since equal scores are not above it. No weight has an index of all ones, so the pair
  // admits every tie.
  let above = rankKey(bitcast<u32>(limit.score)) + 1u;
  if (above <= thresholds[group].x) { thresholds[group] = vec2u(above, 0xffffffffu); }
}
