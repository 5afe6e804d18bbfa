// The numbers of threads that own a block alone.
@group(0) @binding(4) var<storage, read_write> pairs: array<f32>;

fn load(i: u32) -> f32 { return pairs[i]; }
fn store(i: u32, value: f32) { pairs[i] = value; }
