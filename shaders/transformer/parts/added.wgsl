// Another gradient of the same tensor.
@group(0) @binding(8) var<storage, read> other: array<f32>;

fn added(index: u32, value: f32) -> f32 { return other[index] + value; }
