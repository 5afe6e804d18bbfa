// Clears the gradient of the table, and chains equal ids: next[p] is the next position with the id of p, or the number
// of positions; first[p] says whether p is the first of its chain. Integers only, so the order is that of the
// positions.
@group(0) @binding(0) var<storage, read> ids: array<i32>;
@group(0) @binding(1) var<storage, read_write> next: array<i32>;
@group(0) @binding(2) var<storage, read_write> first: array<i32>;
@group(0) @binding(3) var<storage, read_write> tableGrad: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let position = flatIndex(thread, groups);
  if (position < arrayLength(&tableGrad)) { tableGrad[position] = 0.0; }
  let positions = arrayLength(&ids);
  if (position >= positions) { return; }
  let id = ids[position];
  var after = position + 1u;
  while (after < positions && ids[after] != id) { after++; }
  next[position] = i32(after);
  var before = i32(position) - 1;
  while (before >= 0 && ids[before] != id) { before--; }
  first[position] = select(0, 1, before < 0);
}
