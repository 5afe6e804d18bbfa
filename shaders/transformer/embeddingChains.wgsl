// Chains equal ids: next[p] is the next position with the id of p, or the number of positions; first[p] says whether p is
// the first of its chain. One thread a position; integers only, so the order is that of the positions.
@group(0) @binding(0) var<storage, read> ids: array<i32>;
@group(0) @binding(1) var<storage, read_write> next: array<i32>;
@group(0) @binding(2) var<storage, read_write> first: array<i32>;

@compute @workgroup_size(rowThreads)
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let positions = arrayLength(&ids);
  let position = thread.x;
  if (position >= positions) { return; }
  let id = ids[position];
  var after = position + 1u;
  while (after < positions && ids[after] != id) { after++; }
  next[position] = i32(after);
  var before = i32(position) - 1;
  while (before >= 0 && ids[before] != id) { before--; }
  first[position] = select(0, 1, before < 0);
}
