// Rows and columns of a result that a workgroup computes.
const blockRows = layers * tileRows;
const blockColumns = lanes * tileColumns;
