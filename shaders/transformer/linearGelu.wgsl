// Keeps the value before the activation: the gradient needs it.
@group(0) @binding(5) var<storage, read_write> before: array<f32>;

fn finish(index: u32, value: f32) {
  before[index] = value;
  output[index] = value * normalCdf(value);
}
