// Marks the best scores of every column as kept, as many as it keeps. Matrices are [in, out], so a column is an output.
// One thread a column: it builds the smallest kept key bit by bit, so neighbours read neighbouring weights and nothing
// is stored.
@group(0) @binding(0) var<storage, read> columns: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> scores: array<u32>;

fn keyAt(column: vec4u, row: u32) -> u32 {
  return rankKey(scores[column.x + row * column.z]);
}

fn countFrom(column: vec4u, least: u32) -> u32 {
  var count = 0u;
  for (var row = 0u; row < column.y; row++) { count += select(0u, 1u, keyAt(column, row) >= least); }
  return count;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let number = at.x + at.y * groups.x * 64u;
  if (number >= arrayLength(&columns)) { return; }
  let column = columns[number];
  if (column.w == 0u) { return; }
  var least = 0u;
  for (var bit = 0u; bit < 32u; bit++) {
    let tried = least | (0x80000000u >> bit);
    if (countFrom(column, tried) >= column.w) { least = tried; }
  }
  // Of equal keys the upper rows are better; a key of 0 is pruned already.
  var ties = column.w - countFrom(column, least + 1u);
  for (var row = 0u; row < column.y; row++) {
    let key = keyAt(column, row);
    let tied = key == least && ties > 0u;
    if (tied) { ties--; }
    if (key != 0u && (key > least || tied)) { scores[column.x + row * column.z] = keptScore; }
  }
}
