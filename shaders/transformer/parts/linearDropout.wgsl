// As dropout.wgsl, on a value before it is stored.
@group(0) @binding(6) var<storage, read> random: array<u32>;

fn dropped(index: u32, value: f32) -> f32 {
  let key = randomBits(random[0], shape.stream, random[1]);
  return select(0.0, value * shape.kept, randomBits(key, shape.stream, index) >> 8u >= shape.threshold);
}
