// Both gradients of a linear layer, which do not depend on each other, in one dispatch: the first workgroups compute
// that of the parameters, whose sums are longer, the others that of the input.
@compute @workgroup_size(lanes, layers)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let index = group.x + group.y * groups.x;
  let weights = blocksOf(rowsOfWeights(), columnsOfWeights(), countOfWeights());
  let input = blocksOf(rowsOfInput(), columnsOfInput(), countOfInput());
  let forWeights = weights.x * weights.y * weights.z;
  if (index < forWeights) {
    multiplyWeights(blockAt(index, weights), local, thread);
  } else if (index < forWeights + input.x * input.y * input.z) {
    multiplyInput(blockAt(index - forWeights, input), local, thread);
  }
}

fn blocksOf(rows: u32, columns: u32, count: u32) -> vec3u {
  return vec3u((columns + blockColumns - 1u) / blockColumns, (rows + blockRows - 1u) / blockRows, count);
}

fn blockAt(index: u32, blocks: vec3u) -> vec3u {
  return vec3u(index % blocks.x, index / blocks.x % blocks.y, index / (blocks.x * blocks.y));
}
