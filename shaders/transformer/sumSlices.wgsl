// Sums of slices in order, for two kinds of tensors at once: first = sum of firstSlices [slices, parts, n], second
// likewise.
@group(0) @binding(0) var<storage, read> firstSlices: array<f32>;
@group(0) @binding(1) var<storage, read> secondSlices: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  let n = firstLength();
  let total = parts * n;
  let slices = arrayLength(&firstSlices) / total;
  var sum = 0.0;
  if (i < total) {
    for (var s = 0u; s < slices; s++) { sum += firstSlices[s * total + i]; }
    storeFirst(i / n, i % n, sum);
    return;
  }
  let j = i - total;
  let m = secondLength();
  if (j >= parts * m) { return; }
  for (var s = 0u; s < slices; s++) { sum += secondSlices[s * parts * m + j]; }
  storeSecond(j / m, j % m, sum);
}
