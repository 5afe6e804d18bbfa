// Factors of a product in full: scales are not needed.
alias Factor = f32;
fn factorOf(value: f32, scale: f32) -> f32 { return value; }
fn sumOfFactors(sum: f32, unscale: f32) -> f32 { return sum; }
