// The weight map as RGBA bytes, one u32 a pixel, rows `stride` pixels apart so that they can be copied to a texture.
// Colour says the class, and whether the weight is cut; |w| only shades kept ones, from `faintest` (towards the
// background) to full strength at the tensor's scale.
@group(0) @binding(0) var<uniform> palette: Palette;
@group(0) @binding(1) var<storage, read> pixels: array<u32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read> classes: array<u32>;
@group(0) @binding(4) var<storage, read> tiles: array<u32>;
@group(0) @binding(5) var<storage, read> scales: array<f32>;
@group(0) @binding(6) var<storage, read_write> image: array<u32>;

const faintest = 0.65;

fn colourOf(code: u32) -> u32 {
  switch code {
    case 0u: { return palette.ordinary; }
    case 1u: { return palette.temporary; }
    case 2u: { return palette.sentinel; }
    case 4u: { return palette.ordinaryCut; }
    case 5u: { return palette.temporaryCut; }
    default: { return palette.sentinelCut; }
  }
}

fn colourAt(i: u32) -> u32 {
  let code = classOf(i);
  let colour = colourOf(code);
  if (code >= 4u) { return colour; }
  let reach = clamp(abs(weights[i]) / max(scales[tileGroup(tiles[i >> 6u])], 1e-30), 0.0, 1.0);
  let strength = faintest + (1.0 - faintest) * reach;
  return pack4x8unorm(mix(unpack4x8unorm(palette.background), unpack4x8unorm(colour), strength));
}

@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pixel = flatIndex(thread, groups);
  if (pixel >= palette.width * palette.height) { return; }
  let i = pixels[pixel];
  let at = pixel / palette.width * palette.stride + pixel % palette.width;
  if (i == 0xffffffffu) { image[at] = palette.background; } else { image[at] = colourAt(i); }
}
