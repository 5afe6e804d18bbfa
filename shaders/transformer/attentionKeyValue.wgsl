// keyGrad = scale scoresGrad^T query and valueGrad = probabilities^T outputGrad. A thread holds `mixRows` x
// `mixColumns` numbers of both.
@group(0) @binding(1) var<storage, read> stacked: array<f32>;
@group(0) @binding(2) var<storage, read> outputGrad: array<f32>;
@group(0) @binding(3) var<storage, read> probabilities: array<Kept>;
@group(0) @binding(4) var<storage, read> scoresGrad: array<f32>;
@group(0) @binding(5) var<storage, read_write> stackedGrad: array<f32>;

@compute @workgroup_size(threads)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = thread.x + thread.y * groups.x * threads;
  let across = (shape.headWidth + mixColumns - 1u) / mixColumns;
  let down = (shape.tokens + mixRows - 1u) / mixRows;
  let head = index / (across * down);
  if (head >= shape.batch * shape.heads) { return; }
  let row = index / across % down * mixRows;
  let column = index % across * mixColumns;
  let firstQuery = stackedStart(head, queryPart) + column;
  let firstGrad = outputStart(head) + column;
  let firstPair = head * shape.tokens * shape.tokens + row;
  var keys: array<array<f32, mixColumns>, mixRows>;
  var values: array<array<f32, mixColumns>, mixRows>;
  for (var k = 0u; k < shape.tokens; k += 1u) {
    var q: array<f32, mixColumns>;
    var g: array<f32, mixColumns>;
    for (var c = 0u; c < mixColumns; c++) {
      q[c] = stacked[firstQuery + k * stackedStride() + c];
      g[c] = outputGrad[firstGrad + k * outputStride() + c];
    }
    for (var r = 0u; r < mixRows; r++) {
      let slope = scoresGrad[firstPair + k * shape.tokens + r];
      let share = f32(probabilities[firstPair + k * shape.tokens + r]);
      for (var c = 0u; c < mixColumns; c++) {
        keys[r][c] += slope * q[c];
        values[r][c] += share * g[c];
      }
    }
  }
  var keyResults: array<f32, mixRows * mixColumns>;
  var valueResults: array<f32, mixRows * mixColumns>;
  for (var r = 0u; r < mixRows; r++) {
    for (var c = 0u; c < mixColumns; c++) {
      keyResults[r * mixColumns + c] = keys[r][c] * shape.scale;
      valueResults[r * mixColumns + c] = values[r][c];
    }
  }
  for (var i = 0u; i < mixRows * mixColumns; i++) {
    let token = row + i / mixColumns;
    if (token >= shape.tokens || column + i % mixColumns >= shape.headWidth) { continue; }
    let to = token * stackedStride() + column + i % mixColumns;
    stackedGrad[stackedStart(head, keyPart) + to] = keyResults[i];
    stackedGrad[stackedStart(head, valuePart) + to] = valueResults[i];
  }
}
