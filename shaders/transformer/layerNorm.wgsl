// output = (x - mean) / deviation * scale + shift over rows of `width`; one thread a row. Keeps mean and 1 / deviation.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> scale: array<f32>;
@group(0) @binding(3) var<storage, read> shift: array<f32>;
@group(0) @binding(4) var<storage, read_write> output: array<f32>;
@group(0) @binding(5) var<storage, read_write> moments: array<vec2f>;

@compute @workgroup_size(rowThreads)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = thread.x + thread.y * groups.x * rowThreads;
  if (row >= shape.rows) { return; }
  let first = row * shape.width;
  var sum = 0.0;
  for (var i = 0u; i < shape.width; i++) { sum += x[first + i]; }
  let mean = sum / f32(shape.width);
  var squares = 0.0;
  for (var i = 0u; i < shape.width; i++) {
    let centred = x[first + i] - mean;
    squares += centred * centred;
  }
  let inverse = 1.0 / sqrt(squares / f32(shape.width) + shape.epsilon);
  for (var i = 0u; i < shape.width; i++) { output[first + i] = (x[first + i] - mean) * inverse * scale[i] + shift[i]; }
  moments[row] = vec2f(mean, inverse);
}
