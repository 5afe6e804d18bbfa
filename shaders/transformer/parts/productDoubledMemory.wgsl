// Two copies of each block: one is added up while the other is filled. Columns of the right one lie in fours.
const blockFours = blockColumns / 4u;
// One float more than a column needs, as in productMemory.wgsl.
var<workgroup> leftBlocks: array<Factor, 2u * depth * (blockRows + 1u)>;
var<workgroup> rightBlocks: array<vec4<Factor>, 2u * depth * blockFours>;
