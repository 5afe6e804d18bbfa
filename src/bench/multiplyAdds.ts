import { storageBuffer } from '../gpu/buffers'
import { createKernel, workgroups } from '../gpu/kernel'
import { timeInTurns } from '../gpu/timing'

/** Enough that what starts and ends a thread does not count. */
const rounds = 512
const threads = 2 ** 18

/** Sums of a thread, of four numbers each: none waits for another. */
const sums = Array.from({ length: 8 }, (_, i) => `s${i}`)

/** The sums are written, or a compiler would leave them out. */
const text = `
@group(0) @binding(0) var<storage, read_write> written: array<vec4f>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let x = vec4f(f32(thread.x) * 1e-9 + 0.5);
  ${sums.map((s, i) => `var ${s} = x + ${i}.0;`).join(' ')}
  for (var round = 0u; round < ${rounds}u; round++) {
    ${sums.map((s) => `${s} = ${s} * x + x;`).join(' ')}
  }
  written[thread.x] = ${sums.join(' + ')};
}`

/**
 * What a device multiplies and adds where it reads nothing, the limit of every product in 32 bits: GFLOP/s, a
 * multiply-add counted as two.
 */
export async function timeMultiplyAdds(device: GPUDevice): Promise<number> {
  const written = await storageBuffer(device, 'written', 16 * threads)
  const kernel = await createKernel(device, 'multiplyAdds', text)
  const grid = workgroups(threads, 256)
  const [ns = NaN] = await timeInTurns(device, [kernel.bind({ written }, grid)], { rounds: 5, budgetMs: 2000 })
  written.destroy()
  return (threads * rounds * sums.length * 4 * 2) / ns
}
