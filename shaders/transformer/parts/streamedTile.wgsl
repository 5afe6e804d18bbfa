// A thread serves `tile` neighbouring tokens of one head: what it reads of other tokens serves the whole tile.
@group(0) @binding(0) var<uniform> shape: Shape;

const queryPart = 0u;
const keyPart = 1u;
const valuePart = 2u;

struct Tile { batch: u32, head: u32, first: u32 }

// The batch is past the end in threads that have nothing to do.
fn tileOf(index: u32) -> Tile {
  let tiles = (shape.tokens + tile - 1u) / tile;
  return Tile(index / (tiles * shape.heads), index / tiles % shape.heads, index % tiles * tile);
}

// Number of a token's head among [batch, tokens, heads]; times headWidth it is the place of its vector.
fn headAt(at: Tile, token: u32) -> u32 {
  return (at.batch * shape.tokens + token) * shape.heads + at.head;
}

// Number of a token's query, key or value among those of [batch, tokens, 3, heads].
fn partAt(at: Tile, token: u32, part: u32) -> u32 {
  return ((at.batch * shape.tokens + token) * 3u + part) * shape.heads + at.head;
}

// The last tile of a head may be short: its spare threads repeat the last token and store nothing.
fn tokenOf(at: Tile, t: u32) -> u32 {
  return min(at.first + t, shape.tokens - 1u);
}
