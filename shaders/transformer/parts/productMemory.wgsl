// One float more than a column needs: threads that store neighbouring floats of a row then use different banks.
var<workgroup> leftBlock: array<Factor, depth * (blockRows + 1u)>;
var<workgroup> rightBlock: array<Factor, depth * (blockColumns + 1u)>;
