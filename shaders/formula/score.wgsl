// Scores every prunable weight by a method's formula; score.ts declares what is bound and makes `viewOf` and `formula`.
// Scores are stored as bits, because a shader cannot rely on NaNs, neither to make nor to keep them.
@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i >= view.length) { return; }
  let kept = bitOf(mask[i >> 5u], i);
  if (view.ranked == rankedKept && !kept) {
    scores[i] = prunedScore;
    return;
  }
  if (view.ranked == rankedPruned && kept) {
    scores[i] = keptScore;
    return;
  }
  let bits = bitcast<u32>(formula(viewOf(i)));
  scores[i] = select(bits, 0x7fc00000u, bits == prunedScore || bits == keptScore);
}
