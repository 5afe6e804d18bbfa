// The weight map by one number of every weight, as RGBA bytes like those of `paint`. Cut weights lie on a ground of
// their own, whatever their number; kept ones that have none are marked, too. One thread a pixel.
@group(0) @binding(0) var<uniform> tint: Tint;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<uniform> control: Control;
@group(0) @binding(3) var<storage, read> pixels: array<u32>;
@group(0) @binding(4) var<storage, read> first: array<u32>;
@group(0) @binding(5) var<storage, read> second: array<u32>;
@group(0) @binding(6) var<storage, read> classes: array<u32>;
@group(0) @binding(7) var<storage, read> range: array<f32, 2>;
@group(0) @binding(8) var<storage, read> colours: array<u32>;
@group(0) @binding(9) var<storage, read_write> image: array<u32>;

fn colourAt(i: u32) -> u32 {
  if (isCut(i)) { return tint.cut; }
  let bits = shownBits(i);
  let width = range[1] - range[0];
  if (!isNumber(bits) || width <= 0.0) { return tint.unknown; }
  let share = clamp((bitcast<f32>(bits) - range[0]) / width, 0.0, 1.0);
  let place = select(share, sqrt(share), tint.root != 0u && range[0] == 0.0);
  let count = arrayLength(&colours);
  return colours[min(u32(place * f32(count)), count - 1u)];
}

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pixel = flatIndex(thread, groups);
  if (pixel >= tint.width * tint.height) { return; }
  let i = pixels[pixel];
  let at = pixel / tint.width * tint.stride + pixel % tint.width;
  if (i == 0xffffffffu) { image[at] = tint.background; } else { image[at] = colourAt(i); }
}
