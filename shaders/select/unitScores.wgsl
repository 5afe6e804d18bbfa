// Scores of units from those of their weights (units.ts). One workgroup a unit. If one of its scores is not finite, the
// unit's score is NaN, so it comes last. If all its weights were pruned (or kept) beforehand, so is the unit.
const unitThreads = 64u;

@group(0) @binding(0) var<storage, read> spans: array<vec4u>;
@group(0) @binding(1) var<storage, read> units: array<vec4u>;
@group(0) @binding(2) var<storage, read> scores: array<u32>;
@group(0) @binding(3) var<storage, read_write> unitScores: array<u32>;

var<workgroup> sums: array<f32, unitThreads>;
var<workgroup> strange: atomic<u32>;

// Entry point `sum`: the sum over all weights, over their number.
@compute @workgroup_size(unitThreads)
fn sum(
  @builtin(workgroup_id) at: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let place = at.x + at.y * groups.x;
  if (place >= arrayLength(&units)) { return; }
  let unit = units[place];
  let total = sumOf(unit.x, unit.z, local);
  if (local == 0u && unit.x < unit.z) { unitScores[place] = scoreOf(unit, total); }
}

// Entry point `gate`: the size of the sum over the outgoing weights, over the number of all weights.
@compute @workgroup_size(unitThreads)
fn gate(
  @builtin(workgroup_id) at: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let place = at.x + at.y * groups.x;
  if (place >= arrayLength(&units)) { return; }
  let unit = units[place];
  let total = sumOf(unit.y, unit.z, local);
  if (local == 0u && unit.x < unit.z) { unitScores[place] = scoreOf(unit, abs(total)); }
}

fn scoreOf(unit: vec4u, total: f32) -> u32 {
  let first = scores[spans[unit.x].x];
  if (first == prunedScore || first == keptScore) { return first; }
  let score = total * bitcast<f32>(unit.w);
  return select(0x7fc00000u, bitcast<u32>(score), atomicLoad(&strange) == 0u && isFinite(score));
}

// The sum over the scores of spans [first, end), valid in thread 0.
fn sumOf(first: u32, end: u32, local: u32) -> f32 {
  var own = 0.0;
  for (var s = first; s < end; s++) {
    let span = spans[s];
    for (var k = local; k < span.y * span.w; k += unitThreads) {
      let score = bitcast<f32>(scores[span.x + k / span.w * span.z + k % span.w]);
      if (isFinite(score)) { own += score; } else { atomicOr(&strange, 1u); }
    }
  }
  sums[local] = own;
  workgroupBarrier();
  for (var width = unitThreads / 2u; width > 0u; width /= 2u) {
    if (local < width) { sums[local] += sums[local + width]; }
    workgroupBarrier();
  }
  return sums[0];
}
