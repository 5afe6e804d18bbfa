// Which text of a pair a token is of, one thread a token: 1 after the first separator of its row, else 0. Padding has
// 0.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> ids: array<i32>;
@group(0) @binding(2) var<storage, read_write> output: array<i32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i >= arrayLength(&output)) { return; }
  var after = false;
  for (var k = i - i % shape.length; k < i; k++) {
    after = after || ids[k] == separator;
  }
  output[i] = select(0, 1, after && ids[i] != 0);
}
