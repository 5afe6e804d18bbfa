@group(0) @binding(3) var<storage, read_write> probabilities: array<Kept>;

fn put(i: u32, value: f32) { probabilities[i] = Kept(value); }
