// Shows the painted map on a canvas of the map's size: one triangle over everything, one image pixel a fragment.
@group(0) @binding(0) var<uniform> palette: Palette;
@group(0) @binding(1) var<storage, read> image: array<u32>;

@vertex
fn corner(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
  let across = f32(index & 1u) * 4.0 - 1.0;
  let up = f32(index >> 1u) * 4.0 - 1.0;
  return vec4f(across, up, 0.0, 1.0);
}

@fragment
fn colour(@builtin(position) at: vec4f) -> @location(0) vec4f {
  return unpack4x8unorm(image[u32(at.y) * palette.stride + u32(at.x)]);
}
