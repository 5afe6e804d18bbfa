// Notes for every weight the step after which its bit of the mask changed last, which the map shows as its age: the mask
// is compared with the one of the note before. One thread a word of the mask.
@group(0) @binding(0) var<uniform> moment: Moment;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read_write> noted: array<u32>;
@group(0) @binding(3) var<storage, read_write> changed: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let word = flatIndex(thread, groups);
  if (word >= arrayLength(&noted)) { return; }
  let now = mask[word];
  var differing = now ^ noted[word];
  noted[word] = now;
  while (differing != 0u) {
    changed[word * 32u + firstTrailingBit(differing)] = moment.step;
    differing &= differing - 1u;
  }
}
