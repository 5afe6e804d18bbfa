// The threads of a workgroup own `blockRows` queries of one head together; their numbers for every key lie in its
// memory.
const members = threads;
const lanes = max(1u, threads / blockRows);

var<workgroup> pairs: array<f32, pairFloats>;

fn pair(at: Block, i: u32) -> f32 { return pairs[i]; }
fn setPair(at: Block, i: u32, value: f32) { pairs[i] = value; }
fn wait() { workgroupBarrier(); }

fn blockOf(group: vec3u, groups: vec3u, thread: u32) -> Block { return blockNumber(group.x + group.y * groups.x); }
