// scaleGrad = column sums of outputGrad (x - mean) / deviation, shiftGrad = column sums of outputGrad, over one slice of
// the rows for each group.y; one thread a column. sumSlices.wgsl adds the slices up.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> moments: array<vec2f>;
@group(0) @binding(3) var<storage, read> outputGrad: array<f32>;
@group(0) @binding(4) var<storage, read_write> scaleGrad: array<f32>;
@group(0) @binding(5) var<storage, read_write> shiftGrad: array<f32>;

@compute @workgroup_size(rowThreads)
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let column = thread.x;
  if (column >= shape.width) { return; }
  var scaled = 0.0;
  var shifted = 0.0;
  let end = min((thread.y + 1u) * shape.sliceRows, shape.rows);
  for (var row = thread.y * shape.sliceRows; row < end; row++) {
    let g = outputGrad[row * shape.width + column];
    shifted += g;
    scaled += g * (x[row * shape.width + column] - moments[row].x) * moments[row].y;
  }
  scaleGrad[thread.y * shape.width + column] = scaled;
  shiftGrad[thread.y * shape.width + column] = shifted;
}
