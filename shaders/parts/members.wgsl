// A threshold is the worst kept pair (key, index) of a group; among equal keys the lower index is better.
// The including kernel declares scores, tiles and thresholds.
fn atLeast(key: u32, index: u32, threshold: vec2u) -> bool {
  return key > threshold.x || (key == threshold.x && index <= threshold.y);
}

// Which of the 32 weights of a word reach the threshold of their group. Key 0 is a pruned weight where masks nest: it
// is never a member, even where a group should keep more weights than it has.
fn membersOf(word: u32) -> u32 {
  let tile = tiles[word >> 1u];
  let threshold = thresholds[tileGroup(tile)];
  let count = wordCount(tile, word);
  var members = 0u;
  for (var bit = 0u; bit < count; bit++) {
    let i = word * 32u + bit;
    let key = rankKey(scores[i]);
    if (key != 0u && atLeast(key, i, threshold)) { members |= 1u << bit; }
  }
  return members;
}
