// Query, key and value of a token lie beside each other in a row of `stacked` [batch, tokens, 3, heads, headWidth]; the
// result of attention lies in [batch, tokens, heads, headWidth]. A head is numbered through [batch, heads].
@group(0) @binding(0) var<uniform> shape: Shape;

const queryPart = 0u;
const keyPart = 1u;
const valuePart = 2u;

// Floats from one token to the next.
fn stackedStride() -> u32 { return 3u * shape.heads * shape.headWidth; }
fn outputStride() -> u32 { return shape.heads * shape.headWidth; }

// Where a head's first token lies.
fn stackedStart(head: u32, part: u32) -> u32 {
  return ((head / shape.heads * shape.tokens * 3u + part) * shape.heads + head % shape.heads) * shape.headWidth;
}
fn outputStart(head: u32) -> u32 {
  return (head / shape.heads * shape.tokens * shape.heads + head % shape.heads) * shape.headWidth;
}
