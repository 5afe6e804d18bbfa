// One thread owns `blockRows` queries of one head, with their numbers in a buffer: for CPUs, where a barrier costs more
// than it saves.
const members = 1u;
const lanes = 1u;

fn pair(at: Block, i: u32) -> f32 { return load(pairsStart(at) + i); }
fn setPair(at: Block, i: u32, value: f32) { store(pairsStart(at) + i, value); }
fn wait() {}

fn blockOf(group: vec3u, groups: vec3u, thread: u32) -> Block {
  return blockNumber((group.x + group.y * groups.x) * threads + thread);
}
