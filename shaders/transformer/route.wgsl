// Deals tokens out by their rows of probabilities [tokens, experts] (src/core/model.ts, `Nn.route`). A workgroup serves
// one expert; a thread counts how many of its run of tokens ask for it, and then gives them the places after those of
// the earlier runs.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> probabilities: array<f32>;
@group(0) @binding(2) var<storage, read_write> expert: array<i32>;
@group(0) @binding(3) var<storage, read_write> place: array<i32>;
@group(0) @binding(4) var<storage, read_write> token: array<i32>;

var<workgroup> counts: array<u32, rowThreads>;

@compute @workgroup_size(rowThreads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let own = group.x;
  let run = (shape.tokens + rowThreads - 1u) / rowThreads;
  let first = thread * run;
  let behind = min(first + run, shape.tokens);
  var asking = 0u;
  for (var i = first; i < behind; i++) { asking += u32(expertOf(i) == i32(own)); }
  counts[thread] = asking;
  workgroupBarrier();

  var next = 0u;
  var all = 0u;
  for (var t = 0u; t < rowThreads; t++) {
    next += select(0u, counts[t], t < thread);
    all += counts[t];
  }
  for (var i = first; i < behind; i++) {
    let asked = expertOf(i);
    if (asked == i32(own)) {
      let at = own * shape.capacity + next;
      let free = next < shape.capacity;
      expert[i] = asked;
      place[i] = select(-1, i32(at), free);
      if (free) { token[at] = i32(i); }
      next += 1u;
    } else if (asked < 0 && own == 0u) {
      expert[i] = -1;
      place[i] = -1;
    }
  }
  for (var rest = all + thread; rest < shape.capacity; rest += rowThreads) { token[own * shape.capacity + rest] = -1; }
}

fn expertOf(i: u32) -> i32 {
  var found = -1;
  var largest = 0.0;
  for (var e = 0u; e < shape.experts; e++) {
    let p = probabilities[i * shape.experts + e];
    if (p > largest) { largest = p; found = i32(e); }
  }
  return found;
}
