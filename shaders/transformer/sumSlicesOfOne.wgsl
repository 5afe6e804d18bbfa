@group(0) @binding(2) var<storage, read_write> first0: array<f32>;
@group(0) @binding(3) var<storage, read_write> second0: array<f32>;

const parts = 1u;
fn firstLength() -> u32 { return arrayLength(&first0); }
fn secondLength() -> u32 { return arrayLength(&second0); }
fn storeFirst(part: u32, index: u32, sum: f32) { first0[index] = sum; }
fn storeSecond(part: u32, index: u32, sum: f32) { second0[index] = sum; }
