// Sums of slices, in order: sums[to + i] = slices[begin + i] + slices[begin + stride + i] + ... A workgroup adds up the
// floats of one part.
struct Part { begin: u32, stride: u32, slices: u32, to: u32, length: u32 }

@group(0) @binding(0) var<storage, read> parts: array<Part>;
@group(0) @binding(1) var<storage, read> slices: array<f32>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let index = group.x + group.y * groups.x;
  if (index >= arrayLength(&parts)) { return; }
  let part = parts[index];
  for (var i = thread; i < part.length; i += workgroupSize) {
    var sum = 0.0;
    for (var s = 0u; s < part.slices; s++) { sum += slices[part.begin + s * part.stride + i]; }
    sums[part.to + i] = sum;
  }
}
