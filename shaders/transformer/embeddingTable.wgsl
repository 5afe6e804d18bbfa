// Adds up outputGrad along each chain of equal ids into its row of tableGrad, which holds zeros before; one thread a
// float of outputGrad, those of later links do nothing.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> ids: array<i32>;
@group(0) @binding(2) var<storage, read> next: array<i32>;
@group(0) @binding(3) var<storage, read> first: array<i32>;
@group(0) @binding(4) var<storage, read> outputGrad: array<f32>;
@group(0) @binding(5) var<storage, read_write> tableGrad: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  let positions = arrayLength(&ids);
  var position = i / shape.width;
  if (position >= positions || first[position] == 0) { return; }
  let row = u32(ids[position]);
  var sum = 0.0;
  while (position < positions) {
    sum += outputGrad[position * shape.width + i % shape.width];
    position = u32(next[position]);
  }
  tableGrad[row * shape.width + i % shape.width] = sum;
}
