// Marks the weights of every unit as kept or pruned, like the unit. One workgroup a unit; weights in no unit keep their
// score.
const unitThreads = 64u;

@group(0) @binding(0) var<storage, read> spans: array<vec4u>;
@group(0) @binding(1) var<storage, read> units: array<vec4u>;
@group(0) @binding(2) var<storage, read> members: array<u32>;
@group(0) @binding(3) var<storage, read_write> scores: array<u32>;

@compute @workgroup_size(unitThreads)
fn main(
  @builtin(workgroup_id) at: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let place = at.x + at.y * groups.x;
  if (place >= arrayLength(&units)) { return; }
  let unit = units[place];
  let score = select(prunedScore, keptScore, bitOf(members[place >> 5u], place));
  for (var s = unit.x; s < unit.z; s++) {
    let span = spans[s];
    for (var k = local; k < span.y * span.w; k += unitThreads) {
      scores[span.x + k / span.w * span.z + k % span.w] = score;
    }
  }
}
