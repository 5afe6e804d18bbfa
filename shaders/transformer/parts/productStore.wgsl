  // Stores are one loop over flat copies. Unrolled like the sums, they would be most of what a driver compiles.
  for (var i = 0u; i < tileRows * tileColumns; i++) {
    let at = vec2u(row + i / tileColumns, columnOf(column, i % tileColumns));
    if (at.x < rowsOf() && at.y < columnsOf()) { store(sum, at.x, at.y, results[i]); }
  }
  if (row > 0u) { return; }
  for (var c = 0u; c < tileColumns; c++) {
    let at = columnOf(column, c);
    if (at < columnsOf()) { storeTotal(sum, at, sumOfFactors(totals[c], 1.0 / rightScale)); }
  }
}
