// What both gradients of a linear layer read.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> outputGrad: array<f32>;

// Times this, gradients from 1.5e-8 to 15.9 are normal numbers of 16 bits.
const gradientScale = 4096.0;
