  // Stores are one loop over a flat copy. Unrolled like the sums, they would be most of what a driver compiles.
  var results: array<f32, tileRows * tileColumns>;
  for (var c = 0u; c < tileColumns; c++) {
    let offset = offsetOf(sum, column + c * lanes);
    for (var r = 0u; r < tileRows; r++) { results[r * tileColumns + c] = sums[r][c] + offset; }
  }
  for (var i = 0u; i < tileRows * tileColumns; i++) {
    let at = vec2u(row + i / tileColumns, column + i % tileColumns * lanes);
    if (at.x < rowsOf() && at.y < columnsOf()) { store(sum, at.x, at.y, results[i]); }
  }
  if (row > 0u) { return; }
  for (var c = 0u; c < tileColumns; c++) {
    if (column + c * lanes < columnsOf()) { storeTotal(sum, column + c * lanes, totals[c]); }
  }
}
