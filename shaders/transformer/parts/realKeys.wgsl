@group(0) @binding(9) var<storage, read> ids: array<i32>;

// Added to the logits of padding: its exp() is 0 in f32. It is finite, so that a row of padding does not become NaN.
fn ignored(batch: u32, token: u32) -> f32 { return select(0.0, -1e9, ids[batch * shape.tokens + token] == 0); }
