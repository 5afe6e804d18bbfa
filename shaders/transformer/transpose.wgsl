// columns = x^T, in tiles of 16 x 16 by way of workgroup memory, so that neighbouring threads read and write
// neighbours.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> columns: array<f32>;

var<workgroup> tile: array<f32, 272>;

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let source = group.xy * 16u + local.xy;
  if (source.x < shape.fanIn && source.y < shape.rows) {
    tile[local.y * 17u + local.x] = x[source.y * shape.fanIn + source.x];
  }
  workgroupBarrier();
  let result = group.yx * 16u + local.xy;
  if (result.x < shape.rows && result.y < shape.fanIn) {
    columns[result.y * shape.rows + result.x] = tile[local.x * 17u + local.y];
  }
}
