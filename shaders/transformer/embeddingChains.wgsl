// As embedding.wgsl, and what the gradient of the table will need, so that both are one dispatch: clears that gradient,
// and chains equal ids: next[p] is the next position with the id of p, or the number of positions; first[p] says
// whether p is the first of its chain. Integers only, so the order is that of the positions.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> table: array<f32>;
@group(0) @binding(2) var<storage, read> ids: array<i32>;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;
@group(0) @binding(4) var<storage, read_write> next: array<i32>;
@group(0) @binding(5) var<storage, read_write> first: array<i32>;
@group(0) @binding(6) var<storage, read_write> tableGrad: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i < arrayLength(&output)) { output[i] = table[u32(ids[i / shape.width]) * shape.width + i % shape.width]; }
  if (i < arrayLength(&tableGrad)) { tableGrad[i] = 0.0; }
  let positions = arrayLength(&ids);
  if (i >= positions) { return; }
  let id = ids[i];
  var after = i + 1u;
  while (after < positions && ids[after] != id) { after++; }
  next[i] = i32(after);
  var before = i32(i) - 1;
  while (before >= 0 && ids[before] != id) { before--; }
  first[i] = select(0, 1, before < 0);
}
