// What both gradients of a linear layer read.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> outputGrad: array<f32>;
