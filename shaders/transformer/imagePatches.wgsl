// Raw images to normalised ones, cut into patches of patchHeight x patchWidth: [batch, rows * columns, patchHeight *
// patchWidth * channels]. An image is moved down and right, then mirrored; pixels that come in from outside are 0. Then
// it is scaled, if its scaled sides are others (src/core/bilinear.ts). One thread a float.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> pixels: array<u32>;
@group(0) @binding(2) var<storage, read> motions: array<i32>;
@group(0) @binding(3) var<storage, read> levels: array<f32>;
@group(0) @binding(4) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i >= arrayLength(&output)) { return; }
  let channel = i % shape.channels;
  let right = i / shape.channels % shape.patchWidth;
  let down = i / (shape.channels * shape.patchWidth) % shape.patchHeight;
  let patchNumber = i / (shape.channels * shape.patchWidth * shape.patchHeight);
  let columns = shape.scaledWidth / shape.patchWidth;
  let rows = shape.scaledHeight / shape.patchHeight;
  let image = patchNumber / (rows * columns);
  let x = patchNumber % columns * shape.patchWidth + right;
  let y = patchNumber / columns % rows * shape.patchHeight + down;
  if (shape.scaledHeight == shape.height && shape.scaledWidth == shape.width) {
    output[i] = level(image, i32(y), i32(x), channel);
    return;
  }
  let rowAt = between(y, shape.height, shape.scaledHeight);
  let columnAt = between(x, shape.width, shape.scaledWidth);
  let top = i32(rowAt);
  let left = i32(columnAt);
  let bottom = min(top + 1, i32(shape.height) - 1);
  let rightOf = min(left + 1, i32(shape.width) - 1);
  let across = columnAt - f32(left);
  let upper = mix(level(image, top, left, channel), level(image, top, rightOf, channel), across);
  let lower = mix(level(image, bottom, left, channel), level(image, bottom, rightOf, channel), across);
  output[i] = mix(upper, lower, rowAt - f32(top));
}

// Where the middle of a scaled pixel lies among the middles of the pixels themselves.
fn between(scaled: u32, own: u32, scaledTo: u32) -> f32 {
  return max(0.0, (f32(scaled) + 0.5) * f32(own) / f32(scaledTo) - 0.5);
}

fn level(image: u32, y: i32, x: i32, channel: u32) -> f32 {
  let width = i32(shape.width);
  let height = i32(shape.height);
  let sourceX = select(x, width - 1 - x, motions[3u * image + 2u] == 1) - motions[3u * image + 1u];
  let sourceY = y - motions[3u * image];
  if (sourceX < 0 || sourceX >= width || sourceY < 0 || sourceY >= height) { return 0.0; }
  let at = ((image * shape.height + u32(sourceY)) * shape.width + u32(sourceX)) * shape.channels + channel;
  let value = (pixels[at / 4u] >> (at % 4u * 8u)) & 255u;
  return levels[channel * 256u + value];
}
