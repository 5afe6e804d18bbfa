/** The report for people: tables of a result, as Markdown. */
import { count } from '../core/figures'
import { peerNames, peerTitles, type PeerName } from './peers/peer'
import type { BenchResult, Growth, KernelResults, PeerResult, WorkloadResult } from './result'

/** A table, its columns padded so that the text reads as well as the page; the first column is for words. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((h, i) => Math.max(3, h.length, ...rows.map((row) => (row[i] ?? '').length)))
  const line = (cells: readonly string[]) =>
    `| ${widths.map((w, i) => (i === 0 ? (cells[i] ?? '').padEnd(w) : (cells[i] ?? '').padStart(w))).join(' | ')} |`
  const rule = `| ${widths.map((w, i) => (i === 0 ? '-'.repeat(w) : `${'-'.repeat(w - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

/** Three digits, without an exponent: 0.0123, 1.23, 12.3, 1,230. A dash for what was not measured. */
export function digits(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  if (value === 0) return '0'
  const rounded = Number(value.toPrecision(3))
  if (Math.abs(rounded) >= 1000) return count(rounded)
  return rounded.toFixed(Math.max(0, 2 - Math.floor(Math.log10(Math.abs(rounded)))))
}

/** Every table of a result. */
export function toMarkdown(result: BenchResult): string {
  const versions = Object.entries(result.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
  const parts = [
    `Device: ${result.device}${result.software ? ' (computes on the processor)' : ''}. Date: `
      + `${result.date.slice(0, 10)}. Versions: ${versions}.`,
    `Command: \`${result.command}\``,
    ...result.workloads.map(workloadText),
    ...(result.kernels ? [kernelsText(result.kernels)] : []),
    ...(result.growth.length ? [growthText(result.growth, result.software)] : []),
  ]
  return `${parts.join('\n\n')}\n`
}

/** Columns of a workload's table; the first one names the peer. */
export const peerHead = [
  '',
  'ms a step',
  '± quartiles',
  'times ours',
  'JavaScript ms',
  'dispatches',
  'submits',
  'GPU MB',
  'first step ms',
] as const

/** Rows of a workload's table, as texts. */
export function peerRows({ peers }: WorkloadResult): string[][] {
  return peerNames.flatMap((name) => {
    const peer = peers[name]
    return peer ? [row(name, peer, peers.ours)] : []
  })
}

/** A workload in a line. */
export function workloadTitle({ name, batch, params }: WorkloadResult): string {
  return `${name}: batch ${batch}, ${count(params)} parameters`
}

/** What the comparison of losses found, and why a peer is missing, as sentences. */
export function agreementText({ losses, absent = {} }: WorkloadResult): string {
  const missing = Object.entries(absent) as [PeerName, string][]
  return [
    `Losses of ten steps agree to four digits: ${digits4(losses[0])} to ${digits4(losses.at(-1))}.`,
    ...missing.map(([peer, why]) => `Not timed: ${peerTitles[peer]}. ${why}`),
  ].join(' ')
}

function workloadText(workload: WorkloadResult): string {
  const { kernels } = workload
  return [
    `### ${workloadTitle(workload)}`,
    table(peerHead, peerRows(workload)),
    agreementText(workload),
    ...(kernels.length ? ["Where the time of this engine's step goes:", kernelTable(kernels)] : []),
  ].join('\n\n')
}

function row(peer: PeerName, r: PeerResult, ours: PeerResult | undefined): string[] {
  return [
    peerTitles[peer],
    digits(r.msPerStep),
    digits(r.spread),
    digits(r.msPerStep / (ours?.msPerStep ?? NaN)),
    digits(r.jsMsPerStep),
    whole(r.dispatches),
    whole(r.submits),
    digits(r.gpuBytes === null ? null : r.gpuBytes / 1e6),
    digits(r.firstStepMs),
  ]
}

function whole(n: number | null): string {
  return n === null ? '–' : count(n)
}

function digits4(loss: number | undefined): string {
  return loss === undefined ? '–' : loss.toPrecision(4)
}

function kernelTable(kernels: WorkloadResult['kernels']): string {
  const total = kernels.reduce((sum, k) => sum + k.ms, 0)
  const shown = kernels.slice(0, 12)
  const rest = kernels.slice(12)
  const rows = [
    ...shown.map((k) => [k.label, String(k.count), digits(k.ms), share(k.ms, total)]),
    ...(rest.length ? [['others', String(dispatchesOf(rest)), digits(sum(rest)), share(sum(rest), total)]] : []),
    ['all', String(dispatchesOf(kernels)), digits(total), share(total, total)],
  ]
  return table(['kernel', 'dispatches', 'ms', 'share'], rows)
}

function sum(kernels: WorkloadResult['kernels']): number {
  return kernels.reduce((total, k) => total + k.ms, 0)
}

function dispatchesOf(kernels: WorkloadResult['kernels']): number {
  return kernels.reduce((total, k) => total + k.count, 0)
}

function share(part: number, total: number): string {
  return `${((100 * part) / total).toFixed(0)} %`
}

function kernelsText({ update, peakGflops, matmul, select }: KernelResults): string {
  const percent = ((100 * update.gbPerS) / update.copyGbPerS).toFixed(0)
  return [
    '### Kernels alone',
    `The update pass over ${count(update.params)} parameters moves ${digits(update.gbPerS)} GB/s, `
      + `${percent} % of a plain copy's ${digits(update.copyGbPerS)} GB/s.`,
    ...(peakGflops === undefined
      ? []
      : [`Multiply-adds in registers alone reach ${digits(peakGflops)} GFLOP/s, the limit of a product here.`]),
    table(
      ['product with bias', 'GFLOP/s', 'of the limit'],
      matmul.map(({ m, k, n, gflops }) => [
        `${m} x ${k} x ${n}`,
        digits(gflops),
        peakGflops === undefined ? '–' : share(gflops, peakGflops),
      ]),
    ),
    table(
      ['exact selection among', 'ms', 'dispatches'],
      select.map(({ n, ms, dispatches }) => [`${count(n)} weights`, digits(ms), String(dispatches)]),
    ),
  ].join('\n\n')
}

function growthText(growth: readonly Growth[], software: boolean): string {
  const rows = growth.map(({ axis, exponent, points }) => [
    axis === 'parameters' ? 'parameters (update pass)' : axis,
    exponent.toFixed(2),
    points.map(({ x, ms }) => `${count(x)}: ${digits(ms)}`).join(', '),
  ])
  const note = software
    ? 'The adapter computes on the processor, so the base has patches of 8 pixels: 16 tokens where it otherwise has 64.'
    : ''
  return [
    "### Growth of this engine's step",
    [
      'From ViT nano at batch 32, one axis at a time; the exponent p of ms = c x^p is fitted by least squares '
        + 'in logarithms.',
      note,
    ]
      .filter(Boolean)
      .join(' '),
    table(['axis', 'exponent', 'ms at'], rows),
  ].join('\n\n')
}

const begin = '<!-- Made by `npm run bench -- --markdown`; what is written by hand stands outside of these marks. -->'
const end = '<!-- End of what is made. -->'

/** A file's text with the tables between the marks; what stands outside of them stays. */
export function intoMarkdown(file: string, result: BenchResult): string {
  const made = `${begin}\n\n${toMarkdown(result)}\n${end}`
  const [from, to] = [file.indexOf(begin), file.indexOf(end)]
  if (from < 0 || to < from) return `${file}${file && !file.endsWith('\n\n') ? '\n' : ''}${made}\n`
  return file.slice(0, from) + made + file.slice(to + end.length)
}
