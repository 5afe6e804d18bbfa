fn finish(index: u32, value: f32) { output[index] = value; }
