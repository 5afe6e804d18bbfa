// What both gradients of a linear layer read.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> outputGrad: array<f32>;

// Times this, gradients down to 1e-8 are normal numbers of 16 bits, and those up to 15 fit.
const gradientScale = 4096.0;
