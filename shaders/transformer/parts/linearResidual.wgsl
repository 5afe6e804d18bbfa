@group(0) @binding(7) var<storage, read> residual: array<f32>;

fn added(index: u32, value: f32) -> f32 { return residual[index] + value; }
