// The slope of the activation whose value x is: the gradient becomes that of what entered the activation.
@group(0) @binding(7) var<storage, read> slope: array<Kept>;

fn sloped(index: u32, value: f32) -> f32 { return value * f32(slope[index]); }
