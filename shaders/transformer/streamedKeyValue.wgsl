// keyGrad and valueGrad: each thread sums over all queries of its keys, so that no two threads add to the same number.
@group(0) @binding(1) var<storage, read> stacked: array<f32>;
@group(0) @binding(2) var<storage, read> outputGrad: array<f32>;
@group(0) @binding(3) var<storage, read> rows: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> stackedGrad: array<f32>;

@compute @workgroup_size(threads)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = tileOf(thread.x + thread.y * groups.x * threads);
  if (at.batch >= shape.batch) { return; }
  var keys: array<array<f32, headWidth>, tile>;
  var values: array<array<f32, headWidth>, tile>;
  var keySums: array<array<f32, headWidth>, tile>;
  var valueSums: array<array<f32, headWidth>, tile>;
  var offset: array<f32, tile>;
  for (var t = 0u; t < tile; t++) {
    let token = tokenOf(at, t);
    let firstKey = partAt(at, token, keyPart) * headWidth;
    let firstValue = partAt(at, token, valuePart) * headWidth;
    offset[t] = ignored(at.batch, token);
    for (var i = 0u; i < headWidth; i++) {
      keys[t][i] = stacked[firstKey + i] * shape.scale;
      values[t][i] = stacked[firstValue + i];
    }
  }
  for (var token = 0u; token < shape.tokens; token++) {
    let start = headAt(at, token);
    let row = rows[start];
    let firstQuery = partAt(at, token, queryPart) * headWidth;
    var queries: array<f32, headWidth>;
    var grads: array<f32, headWidth>;
    // The initialisers are needed: without them, Dawn on Vulkan keeps the values of the last round.
    var share = array<f32, tile>();
    var slope = array<f32, tile>();
    for (var i = 0u; i < headWidth; i++) {
      queries[i] = stacked[firstQuery + i];
      grads[i] = outputGrad[start * headWidth + i];
      for (var t = 0u; t < tile; t++) {
        share[t] += queries[i] * keys[t][i];
        slope[t] += grads[i] * values[t][i];
      }
    }
    for (var t = 0u; t < tile; t++) {
      share[t] = exp(share[t] + offset[t] - row.x) * row.y;
      slope[t] = share[t] * (slope[t] - row.z);
    }
    for (var i = 0u; i < headWidth; i++) {
      for (var t = 0u; t < tile; t++) {
        keySums[t][i] += slope[t] * queries[i];
        valueSums[t][i] += share[t] * grads[i];
      }
    }
  }
  for (var t = 0u; t < tile; t++) {
    if (at.first + t >= shape.tokens) { break; }
    let toKey = partAt(at, at.first + t, keyPart) * headWidth;
    let toValue = partAt(at, at.first + t, valuePart) * headWidth;
    for (var i = 0u; i < headWidth; i++) {
      stackedGrad[toKey + i] = keySums[t][i] * shape.scale;
      stackedGrad[toValue + i] = valueSums[t][i];
    }
  }
}
