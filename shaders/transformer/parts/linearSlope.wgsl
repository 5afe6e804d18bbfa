@group(0) @binding(5) var<storage, read_write> slope: array<Kept>;

fn keep(index: u32, value: f32) { slope[index] = Kept(value); }
