  var results: array<f32, tileRows * tileColumns>;
  for (var c = 0u; c < tileColumns; c++) {
    let offset = offsetOf(sum, columnOf(column, c));
    for (var r = 0u; r < tileRows; r++) {
      results[r * tileColumns + c] = sumOfFactors(sums[r][c], 1.0 / (leftScale * rightScale)) + offset;
    }
  }
