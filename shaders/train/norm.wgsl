// Finishes the gradient norm, decides on clipping and on halting, and records loss and norm of the step.
// Runs after squares.wgsl, one workgroup.
@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<storage, read> partials: array<vec2f>;
@group(0) @binding(2) var<storage, read> loss: array<f32>;
@group(0) @binding(3) var<storage, read_write> control: Control;
@group(0) @binding(4) var<storage, read_write> metrics: array<vec2f>;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(local_invocation_index) local: u32) {
  var sum = vec2f();
  for (var i = local; i < arrayLength(&partials); i += workgroupSize) { sum += partials[i]; }
  let total = pairSum(local, sum);
  if (local != 0u) { return; }

  let norm = sqrt(total.x);
  let good = total.y == 0.0 && isFinite(norm) && isFinite(loss[0]);
  metrics[step.step % arrayLength(&metrics)] = vec2f(loss[0], norm);
  if (control.halted != 0u) { return; }
  control.norm = norm;
  control.clipFactor = select(1.0, step.clip / norm, step.clip > 0.0 && norm > step.clip);
  if (!good) {
    control.halted = 1u;
    control.haltedStep = step.step;
    control.clipFactor = 0.0;
  }
}
