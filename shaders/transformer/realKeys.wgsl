@group(0) @binding(9) var<storage, read> ids: array<i32>;

// Added to the logits of padding: exp() of it is 0 in f32, and it is finite, so that a row of padding stays a number.
fn ignored(batch: u32, token: u32) -> f32 { return select(0.0, -1e9, ids[batch * shape.tokens + token] == 0); }
