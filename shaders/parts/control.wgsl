// What the gradient norm decided; `halted` is sticky: the first bad step stops every later update.
struct Control { clipFactor: f32, halted: u32, haltedStep: u32, norm: f32 }
