// output = (x - mean) / deviation * scale + shift over rows of `width`. Keeps mean and 1 / deviation.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> scale: array<f32>;
@group(0) @binding(3) var<storage, read> shift: array<f32>;
@group(0) @binding(4) var<storage, read_write> output: array<f32>;
@group(0) @binding(5) var<storage, read_write> moments: array<vec2f>;

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let row = (group.x + group.y * groups.x) * (threads / lanes) + thread / lanes;
  let lane = thread % lanes;
  let first = row * shape.width;
  var sum = 0.0;
  for (var i = lane; i < shape.width; i += lanes) { sum += x[first + i]; }
  let mean = sumOfLanes(thread, sum) / f32(shape.width);
  var squares = 0.0;
  for (var i = lane; i < shape.width; i += lanes) {
    let centred = x[first + i] - mean;
    squares += centred * centred;
  }
  let inverse = 1.0 / sqrt(sumOfLanes(thread, squares) / f32(shape.width) + shape.epsilon);
  if (row >= shape.rows) { return; }
  for (var i = lane; i < shape.width; i += lanes) {
    output[first + i] = (x[first + i] - mean) * inverse * scale[i] + shift[i];
  }
  if (lane == 0u) { moments[row] = vec2f(mean, inverse); }
}
