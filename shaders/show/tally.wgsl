// How many kept weights have a number in each bin: what `range` reads. A bin is a sign, an exponent and two bits of the
// mantissa, so that bins are in the order of the numbers and a quarter of an octave wide.
@group(0) @binding(0) var<uniform> tint: Tint;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<uniform> control: Control;
@group(0) @binding(3) var<storage, read> first: array<u32>;
@group(0) @binding(4) var<storage, read> second: array<u32>;
@group(0) @binding(5) var<storage, read> classes: array<u32>;
@group(0) @binding(6) var<storage, read> tiles: array<u32>;
@group(0) @binding(7) var<storage, read_write> bins: array<atomic<u32>, binCount>;

var<workgroup> own: array<atomic<u32>, binCount>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(global_invocation_id) thread: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  for (var i = flatIndex(thread, groups); i < tint.length; i += groups.x * groups.y * workgroupSize) {
    if ((i & 63u) >= tileCount(tiles[i >> 6u]) || isCut(i)) { continue; }
    let bits = shownBits(i);
    if (isNumber(bits)) { atomicAdd(&own[rankKey(bits) >> binShift], 1u); }
  }
  workgroupBarrier();
  for (var bin = local; bin < binCount; bin += workgroupSize) {
    let count = atomicLoad(&own[bin]);
    if (count != 0u) { atomicAdd(&bins[bin], count); }
  }
}
