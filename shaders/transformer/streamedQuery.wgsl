// queryGrad = sum over keys of p (outputGrad . value - outputGrad . output) scale key, with p recomputed.
@group(0) @binding(1) var<storage, read> stacked: array<f32>;
@group(0) @binding(2) var<storage, read> outputGrad: array<f32>;
@group(0) @binding(3) var<storage, read> rows: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> stackedGrad: array<f32>;

@compute @workgroup_size(threads)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = tileOf(thread.x + thread.y * groups.x * threads);
  if (at.batch >= shape.batch) { return; }
  var queries: array<array<f32, headWidth>, tile>;
  var grads: array<array<f32, headWidth>, tile>;
  var sums: array<array<f32, headWidth>, tile>;
  var row: array<vec4f, tile>;
  for (var t = 0u; t < tile; t++) {
    let start = headAt(at, tokenOf(at, t));
    row[t] = rows[start];
    let firstQuery = partAt(at, tokenOf(at, t), queryPart) * headWidth;
    for (var i = 0u; i < headWidth; i++) {
      queries[t][i] = stacked[firstQuery + i] * shape.scale;
      grads[t][i] = outputGrad[start * headWidth + i];
    }
  }
  for (var token = 0u; token < shape.tokens; token++) {
    let firstKey = partAt(at, token, keyPart) * headWidth;
    let firstValue = partAt(at, token, valuePart) * headWidth;
    let offset = ignored(at.batch, token);
    var keys: array<f32, headWidth>;
    // The initialisers are needed: without them, Dawn on Vulkan keeps the values of the last round.
    var logit = array<f32, tile>();
    var slope = array<f32, tile>();
    for (var i = 0u; i < headWidth; i++) {
      keys[i] = stacked[firstKey + i];
      let v = stacked[firstValue + i];
      for (var t = 0u; t < tile; t++) {
        logit[t] += queries[t][i] * keys[i];
        slope[t] += grads[t][i] * v;
      }
    }
    for (var t = 0u; t < tile; t++) { slope[t] = exp(logit[t] + offset - row[t].x) * row[t].y * (slope[t] - row[t].z); }
    for (var i = 0u; i < headWidth; i++) {
      for (var t = 0u; t < tile; t++) { sums[t][i] += slope[t] * keys[i]; }
    }
  }
  for (var t = 0u; t < tile; t++) {
    if (at.first + t >= shape.tokens) { break; }
    let to = partAt(at, at.first + t, queryPart) * headWidth;
    for (var i = 0u; i < headWidth; i++) { stackedGrad[to + i] = sums[t][i] * shape.scale; }
  }
}
