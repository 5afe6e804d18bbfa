// Marks the best unit of every layer as kept, so that no layer loses all its units. One workgroup a layer; among equal
// scores the lower index is better.
@group(0) @binding(0) var<storage, read> layers: array<vec2u>;
@group(0) @binding(1) var<storage, read_write> unitScores: array<u32>;

var<workgroup> bestKeys: array<u32, workgroupSize>;
var<workgroup> bestPlaces: array<u32, workgroupSize>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(workgroup_id) at: vec3u, @builtin(local_invocation_index) local: u32) {
  let layer = layers[at.x];
  var key = 0u;
  var place = 0xffffffffu;
  for (var i = local; i < layer.y; i += workgroupSize) {
    let other = rankKey(unitScores[layer.x + i]);
    if (other > key) {
      key = other;
      place = layer.x + i;
    }
  }
  bestKeys[local] = key;
  bestPlaces[local] = place;
  workgroupBarrier();
  if (local > 0u) { return; }
  for (var k = 1u; k < workgroupSize; k++) {
    if (bestKeys[k] > key || (bestKeys[k] == key && bestPlaces[k] < place)) {
      key = bestKeys[k];
      place = bestPlaces[k];
    }
  }
  if (key > 0u) { unitScores[place] = keptScore; }
}
