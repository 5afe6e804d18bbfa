// Counter-based random numbers, the same bits as src/core/random.ts: PCG-3D of Jarzynski & Olano, JCGT 9(3), 2020.
fn randomBits(seed: u32, stream: u32, counter: u32) -> u32 {
  var v = vec3u(seed, stream, counter) * 1664525u + 1013904223u;
  v.x += v.y * v.z;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v ^= v >> vec3u(16u);
  v.x += v.y * v.z;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  return v.z;
}

// Uniform in [0, 1) with 24 bits, exact in f32.
fn randomUniform(seed: u32, stream: u32, counter: u32) -> f32 {
  return f32(randomBits(seed, stream, counter) >> 8u) * 0x1p-24f;
}
