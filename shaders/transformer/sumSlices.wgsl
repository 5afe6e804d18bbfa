// Sums of slices in order, for two tensors at once: first = sum of firstSlices [slices, n], second likewise.
@group(0) @binding(0) var<storage, read> firstSlices: array<f32>;
@group(0) @binding(1) var<storage, read> secondSlices: array<f32>;
@group(0) @binding(2) var<storage, read_write> first: array<f32>;
@group(0) @binding(3) var<storage, read_write> second: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  let length = arrayLength(&first);
  let slices = arrayLength(&firstSlices) / length;
  var sum = 0.0;
  if (i < length) {
    for (var s = 0u; s < slices; s++) { sum += firstSlices[s * length + i]; }
    first[i] = sum;
    return;
  }
  let j = i - length;
  let secondLength = arrayLength(&second);
  if (j >= secondLength) { return; }
  for (var s = 0u; s < slices; s++) { sum += secondSlices[s * secondLength + j]; }
  second[j] = sum;
}
