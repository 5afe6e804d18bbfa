// Raw images to normalised ones, cut into patches of patchHeight x patchWidth: [batch, rows * columns, patchHeight *
// patchWidth * channels]. An image is moved down and right, then mirrored; pixels that come in from outside are 0. One
// thread a float.
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
  let columns = shape.width / shape.patchWidth;
  let rows = shape.height / shape.patchHeight;
  let image = patchNumber / (rows * columns);
  let x = i32(patchNumber % columns * shape.patchWidth + right);
  let y = i32(patchNumber / columns % rows * shape.patchHeight + down);
  output[i] = level(image, y, x, channel);
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
