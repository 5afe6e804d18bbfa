import { exp1 } from './exponential'

/**
 * loss = the mean cross-entropy of logits [rows, classes] against labels [rows] (int32, -1 counts nothing), and its
 * gradient by the logits. The target is 1 - smoothing + smoothing / classes on the label, smoothing / classes
 * elsewhere.
 */
export function crossEntropy(
  logits: usize,
  labels: usize,
  loss: usize,
  logitsGrad: usize,
  rows: i32,
  classes: i32,
  smoothing: f32,
): void {
  let real: f32 = 0
  for (let r = 0; r < rows; r++) if (load<i32>(labels + 4 * r) >= 0) real++
  real = max<f32>(real, 1)
  let total: f32 = 0
  for (let r = 0; r < rows; r++) {
    const at = 4 * <usize>(r * classes)
    const label = load<i32>(labels + 4 * r)
    if (label < 0) memory.fill(logitsGrad + at, 0, 4 * classes)
    else total += rowLoss(logits + at, label, logitsGrad + at, classes, smoothing, real)
  }
  store<f32>(loss, total / real)
}

function rowLoss(logits: usize, label: i32, grad: usize, classes: i32, smoothing: f32, real: f32): f32 {
  let largest = load<f32>(logits)
  for (let c = 1; c < classes; c++) largest = max<f32>(largest, load<f32>(logits + 4 * c))
  let sum: f32 = 0
  for (let c = 0; c < classes; c++) sum += exp1(load<f32>(logits + 4 * c) - largest)
  const logSum = <f32>JSMath.log(<f64>sum)
  let loss: f32 = 0
  for (let c = 0; c < classes; c++) {
    const shifted = load<f32>(logits + 4 * c) - largest
    const target = smoothing / <f32>classes + (c === label ? 1 - smoothing : 0)
    loss -= target * (shifted - logSum)
    store<f32>(grad + 4 * c, (exp1(shifted) / sum - target) / real)
  }
  return loss
}
