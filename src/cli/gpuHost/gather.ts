import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchResult } from '../../bench/result'
import type { TorchResult } from '../../bench/torch'
import { writeWhole } from '../writeWhole'
import { nanoRunIn } from './nanoRun'
import type { Found } from './report'
import type { TestReport } from './testReport'

/** What steps have left in the folder of results, and in that of runs, whose outcome joins the results. */
export function gather(out: string, runs: string): Pick<Found, 'kernels' | 'replay' | 'bench' | 'torch' | 'nano'> {
  const nano = nanoRunIn(runs)
  if (nano) writeWhole(out, 'cifar10-nano.json', `${JSON.stringify(nano, null, 2)}\n`)
  const read = (name: string): unknown => {
    const file = join(out, `${name}.json`)
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
  }
  return {
    kernels: read('kernels') as TestReport | undefined,
    replay: read('replay') as TestReport | undefined,
    bench: read('bench') as BenchResult | undefined,
    torch: read('torch') as TorchResult | undefined,
    nano,
  }
}
