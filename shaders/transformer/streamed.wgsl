// output = softmax(query key^T scale) value in one pass over the keys: sums are rescaled when a larger logit turns up
// (Milakov & Gimelshein, arXiv:1805.02867). Keeps (largest logit, 1 / sum) of each row.
@group(0) @binding(1) var<storage, read> stacked: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;
@group(0) @binding(3) var<storage, read_write> softmax: array<vec2f>;

@compute @workgroup_size(threads)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = tileOf(thread.x + thread.y * groups.x * threads);
  if (at.batch >= shape.batch) { return; }
  var queries: array<array<f32, headWidth>, tile>;
  var sums: array<array<f32, headWidth>, tile>;
  var largest: array<f32, tile>;
  var total: array<f32, tile>;
  for (var t = 0u; t < tile; t++) {
    largest[t] = -3e38;
    let start = partAt(at, tokenOf(at, t), queryPart) * headWidth;
    for (var i = 0u; i < headWidth; i++) { queries[t][i] = stacked[start + i] * shape.scale; }
  }
  for (var token = 0u; token < shape.tokens; token++) {
    let firstKey = partAt(at, token, keyPart) * headWidth;
    let firstValue = partAt(at, token, valuePart) * headWidth;
    let offset = ignored(at.batch, token);
    // The initialiser is needed: without it, Dawn on Vulkan keeps the values of the last round.
    var weight = array<f32, tile>();
    var fade = array<f32, tile>();
    for (var i = 0u; i < headWidth; i++) {
      let k = stacked[firstKey + i];
      for (var t = 0u; t < tile; t++) { weight[t] += queries[t][i] * k; }
    }
    for (var t = 0u; t < tile; t++) {
      let logit = weight[t] + offset;
      let larger = max(largest[t], logit);
      fade[t] = exp(largest[t] - larger);
      weight[t] = exp(logit - larger);
      total[t] = total[t] * fade[t] + weight[t];
      largest[t] = larger;
    }
    for (var i = 0u; i < headWidth; i++) {
      let v = stacked[firstValue + i];
      for (var t = 0u; t < tile; t++) { sums[t][i] = sums[t][i] * fade[t] + weight[t] * v; }
    }
  }
  for (var t = 0u; t < tile; t++) {
    if (at.first + t >= shape.tokens) { break; }
    let row = headAt(at, at.first + t);
    for (var i = 0u; i < headWidth; i++) { output[row * headWidth + i] = sums[t][i] / total[t]; }
    softmax[row] = vec2f(largest[t], 1.0 / total[t]);
  }
}
