// Of every group of consecutive inputs of an output, marks the weights of the best scores as kept, however they rank
// later. Matrices are [in, out], so a group lies in a column. One thread a group, 256 groups of one tensor a workgroup.
const mostOfGroup = 32u;

@group(0) @binding(0) var<uniform> ratio: Ratio;
// A workgroup's tensor and its first group there: offset, rows, columns, group.
@group(0) @binding(1) var<storage, read> places: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> scores: array<u32>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) at: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let workgroup = at.x + at.y * groups.x;
  if (workgroup >= arrayLength(&places)) { return; }
  let place = places[workgroup];
  let group = place.w + local;
  let row = group / place.z * ratio.among;
  if (row >= place.y) { return; }
  let count = min(ratio.among, place.y - row);
  let quota = (ratio.keep * count + ratio.among - 1u) / ratio.among;
  let first = place.x + row * place.z + group % place.z;
  var keys = array<u32, mostOfGroup>();
  for (var k = 0u; k < count; k++) { keys[k] = rankKey(scores[first + k * place.z]); }
  for (var k = 0u; k < count; k++) {
    var better = 0u;
    for (var j = 0u; j < count; j++) { better += select(0u, 1u, keys[j] > keys[k] || (keys[j] == keys[k] && j < k)); }
    if (better < quota && keys[k] != 0u) { scores[first + k * place.z] = keptScore; }
  }
}
