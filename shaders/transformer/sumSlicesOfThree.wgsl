@group(0) @binding(2) var<storage, read_write> first0: array<f32>;
@group(0) @binding(3) var<storage, read_write> first1: array<f32>;
@group(0) @binding(4) var<storage, read_write> first2: array<f32>;
@group(0) @binding(5) var<storage, read_write> second0: array<f32>;
@group(0) @binding(6) var<storage, read_write> second1: array<f32>;
@group(0) @binding(7) var<storage, read_write> second2: array<f32>;

const parts = 3u;
fn firstLength() -> u32 { return arrayLength(&first0); }
fn secondLength() -> u32 { return arrayLength(&second0); }

fn storeFirst(part: u32, index: u32, sum: f32) {
  switch (part) {
    case 0u: { first0[index] = sum; }
    case 1u: { first1[index] = sum; }
    default: { first2[index] = sum; }
  }
}

fn storeSecond(part: u32, index: u32, sum: f32) {
  switch (part) {
    case 0u: { second0[index] = sum; }
    case 1u: { second1[index] = sum; }
    default: { second2[index] = sum; }
  }
}
