// Largest |w| of every tensor, for each of its tiles of 64 floats. One workgroup a tensor.
@group(0) @binding(0) var<storage, read> weights: array<f32>;
// Offset and size of every prunable tensor.
@group(0) @binding(1) var<storage, read> places: array<vec2u>;
@group(0) @binding(2) var<storage, read_write> largest: array<f32>;

var<workgroup> found: array<f32, workgroupSize>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(local_invocation_index) local: u32, @builtin(workgroup_id) workgroup: vec3u) {
  let tensor = workgroup.x;
  if (tensor >= arrayLength(&places)) { return; }
  let place = places[tensor];
  var most = 0.0;
  for (var k = local; k < place.y; k += workgroupSize) { most = max(most, abs(weights[place.x + k])); }
  found[local] = most;
  workgroupBarrier();
  // Each thread reads everything itself: a maximum is the same in any order, and a second barrier would cost more.
  for (var k = 0u; k < workgroupSize; k++) { most = max(most, found[k]); }
  for (var tile = local; tile * 64u < place.y; tile += workgroupSize) { largest[place.x / 64u + tile] = most; }
}
