import { table, toMarkdown } from '../../bench/markdown'
import type { BenchResult } from '../../bench/result'
import { withTorch, type TorchResult } from '../../bench/torch'
import { percent } from '../../core/figures'
import type { AdapterReport } from './adapter'
import type { NanoRun } from './nanoRun'
import type { Outcome } from './step'
import type { TestReport } from './testReport'

/** What the steps have left so far. */
export interface Found {
  readonly adapter: AdapterReport
  /** What `nvidia-smi` says of the card; empty without. */
  readonly card: string
  readonly outcomes: readonly Outcome[]
  readonly kernels: TestReport | undefined
  readonly replay: TestReport | undefined
  readonly bench: BenchResult | undefined
  readonly torch: TorchResult | undefined
  readonly nano: NanoRun | undefined
}

/** The page for docs/performance.md: what was run, what came of it, and the tables of the benchmark. */
export function reportOf({ adapter, card, outcomes, kernels, replay, bench, torch, nano }: Found): string {
  const parts = [
    adapterText(adapter, card),
    outcomeTable(outcomes),
    testsText('Kernels against their twins', kernels),
    testsText('Replay against eager', replay),
    nano && nanoText(nano),
    bench && toMarkdown(torch ? withTorch(bench, torch) : bench).trimEnd(),
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

function adapterText(a: AdapterReport, card: string): string {
  const [least, most] = a.subgroups
  return [
    `Adapter: ${a.device} (${[a.vendor, a.architecture].filter(Boolean).join(' ')}); driver ${a.driver}.`,
    ...(card ? [`nvidia-smi: ${card}.`] : []),
    `Subgroups of ${least === most ? most : `${least} to ${most}`} lanes`
      + `${a.features.includes('subgroups') ? '' : ', which WGSL may not use here'}; f16: ${a.f16 ? 'yes' : 'no'}; `
      + `${a.workgroupThreads} threads and ${a.workgroupBytes} bytes a workgroup.`,
    ...(a.software ? ['This adapter computes on the processor: it is no GPU.'] : []),
  ].join('\n')
}

function outcomeTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ step, state, seconds, why }) => [
    step.title,
    [state, oneLine(why)].filter(Boolean).join(': '),
    seconds ? seconds.toFixed(0) : '–',
  ])
  return table(['part', 'what came of it', 'seconds'], rows)
}

function testsText(title: string, report: TestReport | undefined): string | undefined {
  if (!report) return undefined
  const passed = report.files.reduce((sum, file) => sum + file.passed, 0)
  const failures = report.files.flatMap(({ file, failures: found }) =>
    found.map(({ name, message }) => `- ${file}: ${oneLine(name)}: ${oneLine(message)}`),
  )
  const ended = report.running === null ? '' : ` It ended in ${report.running}; files after it did not run.`
  return [`${title}: ${passed} passed, ${failures.length} failed.${ended}`, ...failures].join('\n')
}

function nanoText({ accuracy, standing, error, held, steps, msPerStep, openSeconds }: NanoRun): string {
  const difference = 100 * (accuracy - standing)
  return (
    `cifar10-nano, dense, seed 1: ${percent(accuracy)} after ${steps} steps; docs/results.md has ${percent(standing)}. `
    + `The difference is ${difference.toFixed(1)} points; the sampling error of one accuracy is `
    + `${(100 * error).toFixed(1)} (${held} images). ${msPerStep.toFixed(2)} ms a step, `
    + `ready after ${openSeconds.toFixed(1)} s.`
  )
}

/** As a cell of a table. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 300)
}
