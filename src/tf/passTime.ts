import { median } from '../gpu/timing'
import { encodeCommands, type Command } from './recording'

/** One measurement repeats a pass for about this long. */
const measureMs = 20
const rounds = 9

/**
 * Median milliseconds of recorded passes, in turns, so that whatever else the machine does meets all of them; the same
 * pass is measured once. A pass of a row of them in one submit counts, so the cost of a submit is shared.
 * @param budgetMs ends the rounds early; at least one counts
 */
export async function timePasses(
  device: GPUDevice,
  wanted: readonly (readonly Command[])[],
  budgetMs: number,
): Promise<number[]> {
  const passes = [...new Set(wanted)]
  const repeats: number[] = []
  for (const pass of passes) {
    // The first run warms up.
    await timePass(device, pass, 1)
    repeats.push(Math.max(1, Math.min(32, Math.round(measureMs / (await timePass(device, pass, 1))))))
  }
  const times: number[][] = passes.map(() => [])
  const end = performance.now() + budgetMs
  for (let round = 0; round < rounds && (round === 0 || performance.now() < end); round++) {
    for (const [i, pass] of passes.entries()) times[i]?.push(await timePass(device, pass, repeats[i] ?? 1))
  }
  return wanted.map((pass) => median(times[passes.indexOf(pass)] ?? []))
}

/** Milliseconds of one of `repeats` passes in one submit. */
async function timePass(device: GPUDevice, commands: readonly Command[], repeats: number): Promise<number> {
  const encoder = device.createCommandEncoder({ label: 'latency' })
  for (let i = 0; i < repeats; i++) encodeCommands(encoder, commands)
  const begun = performance.now()
  device.queue.submit([encoder.finish()])
  await device.queue.onSubmittedWorkDone()
  return (performance.now() - begun) / repeats
}
