// Reads weights as 0 where their bit of the mask is not set. Tensors begin at multiples of 64 weights, so at whole
// words.
@group(0) @binding(9) var<storage, read> mask: array<u32>;

fn weightAt(index: u32) -> f32 {
  let word = mask[shape.maskStart + index / 32u];
  return select(0.0, weights[index], ((word >> (index & 31u)) & 1u) == 1u);
}
