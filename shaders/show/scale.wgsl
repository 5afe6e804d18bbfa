// Magnitude at which the map draws a tensor's weights at full strength: twice the root mean square of those that are
// not 0. One workgroup a tensor.
@group(0) @binding(0) var<storage, read> weights: array<f32>;
// Offset and size of every prunable tensor.
@group(0) @binding(1) var<storage, read> places: array<vec2u>;
@group(0) @binding(2) var<storage, read_write> scales: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(local_invocation_index) local: u32, @builtin(workgroup_id) workgroup: vec3u) {
  let tensor = workgroup.x;
  if (tensor >= arrayLength(&places)) { return; }
  let place = places[tensor];
  var sum = vec2f();
  for (var k = local; k < place.y; k += workgroupSize) {
    let w = weights[place.x + k];
    sum += vec2f(w * w, select(1.0, 0.0, w == 0.0));
  }
  let total = pairSum(local, sum);
  if (local == 0u) { scales[tensor] = 2.0 * sqrt(total.x / max(total.y, 1.0)); }
}
