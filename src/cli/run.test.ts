import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { check } from '../config/check'
import { defaultExperiment } from '../config/defaults'
import { runId } from '../config/identity'
import { fromJson } from '../config/json'
import type { Settings } from '../config/settings'
import { runExperiment, type RunOptions } from './run'
import { screenOn } from './screen'

const folder = mkdtempSync(join(tmpdir(), 'sentinel-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

// 8 x 8 shapes, 4 hidden units: 192 * 4 = 768 prunable weights, of which 75 % go: 192 stay.
const tiny = {
  data: 'shapes',
  'data.train': 64,
  'data.held': 64,
  'data.size': 8,
  model: 'mlp',
  'model.width': 4,
  method: 'magnitude',
  'method.sparsity': 0.75,
  'training.steps': 6,
  'training.batch': 8,
  'training.warmup': 0,
  'training.evaluateEvery': 0,
}

function start(
  changes: Settings,
  { onWrite, ...options }: Partial<RunOptions> & { signal?: AbortSignal; onWrite?: (text: string) => unknown } = {},
) {
  const { experiment, notes } = check({ ...tiny, ...changes }, defaultExperiment)
  expect(notes).toEqual([])
  const log: string[] = []
  const screen = screenOn({
    write: (text) => {
      log.push(text)
      onWrite?.(text)
    },
  })
  const place = join(folder, options.backend ?? 'cpu')
  const at = join(place, runId(experiment))
  const outcome = runExperiment(
    experiment,
    { data: folder, files: [], backend: 'cpu', allowSoftware: true, out: place, force: false, ...options },
    screen,
    options.signal ?? new AbortController().signal,
  )
  const result = () => JSON.parse(readFileSync(join(at, 'result.json'), 'utf8')) as Record<string, never>
  return { experiment, outcome, at, log, result }
}

describe('runExperiment', () => {
  it.each(['webgpu', 'cpu'] as const)('runs to the end on %s and writes every number', async (backend) => {
    const { experiment, outcome, at, result } = start({}, { backend })
    expect(await outcome).toBe('finished')
    const { steps, ...file } = result() as unknown as { steps: Record<string, number[]> } & Record<string, unknown>
    expect(file).toMatchObject({
      runId: runId(experiment),
      finished: true,
      stepsDone: 6,
      prunable: 768,
      kept: 192,
      sparsity: 0.75,
      backend: { backend },
      environment: { node: process.version },
      layers: [{ size: 768, kept: 192 }],
    })
    expect(steps.step).toEqual([1, 2, 3, 4, 5, 6])
    for (const column of ['loss', 'gradientNorm', 'rate', 'sparsity'])
      expect(steps[column]!.every(Number.isFinite)).toBe(true)
    expect(steps.sparsity!.at(-1)).toBe(0.75)
    expect(fromJson(readFileSync(join(at, 'result.json'), 'utf8'))).toEqual({ experiment, notes: [] })
    expect(existsSync(join(at, 'weights.safetensors')) && existsSync(join(at, 'weights.int8.safetensors'))).toBe(true)
    // 4 bytes a weight, whatever is pruned; the int8 model is there to be compared with the accuracy at the end.
    expect(file).toMatchObject({
      sizes: { f32: { dense: { prunable: 3072 } } },
      quantized: { accuracy: expect.any(Number) as unknown },
    })
  })

  it('does not run again what is finished, unless forced', async () => {
    const first = start({ seed: 2 })
    expect(await first.outcome).toBe('finished')
    const files = readdirSync(first.at)
    // As a kill right after the result was written leaves it.
    for (const name of ['checkpoint.safetensors', 'checkpoint.previous.safetensors'])
      writeFileSync(join(first.at, name), '')
    const again = start({ seed: 2 })
    expect(await again.outcome).toBe('skipped')
    expect(again.log.join('')).toContain('is finished')
    expect(readdirSync(first.at)).toEqual(files)
    expect(await start({ seed: 2 }, { force: true }).outcome).toBe('finished')
  })

  it.each(['afile', 'afile/runs'])('trains nothing where results cannot be kept: %s', async (name) => {
    writeFileSync(join(folder, 'afile'), '')
    const { outcome, log } = start({ 'training.steps': 100_000 }, { out: join(folder, name) })
    await expect(outcome).rejects.toMatchObject({
      name: 'Problem',
      what: `--out was given "${join(folder, name)}", where a file is in the way of a folder.`,
    })
    expect(log).toEqual([])
  })

  it('writes what is there when interrupted, and does not take it for finished', async () => {
    const interrupt = new AbortController()
    const first = start({ seed: 3, 'training.steps': 100_000 }, { signal: interrupt.signal })
    setTimeout(() => {
      interrupt.abort()
    }, 1500)
    expect(await first.outcome).toBe('interrupted')
    expect(first.result()).toMatchObject({ finished: false })
    expect(Number(first.result().stepsDone)).toBeLessThan(100_000)
  })

  it('says what is kept of a run that is interrupted while it opens', async () => {
    const gone = { signal: AbortSignal.abort() }
    const begun = { seed: 7, 'training.steps': 30 }
    const first = start(begun, gone)
    expect(await first.outcome).toBe('interrupted')
    expect(first.log.at(-1)).toBe('Stopped before its first step: nothing was saved.\n')
    expect(existsSync(first.at)).toBe(false)
    const left = new AbortController()
    const second = start(
      { ...begun, 'training.evaluateEvery': 10 },
      {
        signal: left.signal,
        onWrite: (text) => text.includes('step 10 (periodic)') && left.abort(),
      },
    )
    expect(await second.outcome).toBe('interrupted')
    const third = start({ ...begun, 'training.evaluateEvery': 10 }, gone)
    expect(await third.outcome).toBe('interrupted')
    expect(third.log.at(-1)).toBe(`Stopped before its first new step: ${third.at} holds the run at step 10.\n`)
  })

  it('goes on where it was interrupted, and anew only when forced', async () => {
    const left = new AbortController()
    const experiment = { seed: 5, 'training.steps': 30, 'training.evaluateEvery': 10 }
    const first = start(experiment, {
      signal: left.signal,
      onWrite: (text) => text.includes('step 10 (periodic)') && left.abort(),
    })
    expect(await first.outcome).toBe('interrupted')
    expect(first.result()).toMatchObject({ stepsDone: 10 })
    expect(readdirSync(first.at)).toContain('checkpoint.safetensors')
    const second = start(experiment)
    expect(await second.outcome).toBe('finished')
    expect(second.log.join('')).toContain('The run goes on at step 10 of 30.')
    // Nothing is left beside what the run gives.
    expect(readdirSync(second.at).sort()).toEqual(['result.json', 'weights.int8.safetensors', 'weights.safetensors'])
    const { steps, evaluations } = second.result()
    const weights = readFileSync(join(second.at, 'weights.safetensors'))
    const anew = start(experiment, { force: true })
    expect(await anew.outcome).toBe('finished')
    expect(anew.log.join('')).not.toContain('goes on')
    expect(anew.result()).toMatchObject({ steps, evaluations })
    expect(readFileSync(join(anew.at, 'weights.safetensors')).equals(weights)).toBe(true)
  })

  it('begins nothing where it was to go on and there is no checkpoint', async () => {
    const { outcome, at } = start({ seed: 6 }, { resume: true })
    await expect(outcome).rejects.toMatchObject({ what: `--resume was given, and ${at} holds no checkpoint.` })
    expect(existsSync(at)).toBe(false)
  })

  it('keeps the numbers of a run whose loss stopped being finite, and says which step', async () => {
    const broken = start({
      seed: 4,
      'training.steps': 400,
      'training.optimizer': 'sgd',
      'training.rate': 10,
      'training.momentum': 0.999,
      'training.clip': 0,
      'training.schedule': 'constant',
    })
    await expect(broken.outcome).rejects.toMatchObject({ name: 'Problem' })
    expect(broken.result()).toMatchObject({
      finished: false,
      problem: { what: expect.stringContaining('the last good one') as unknown },
    })
  })
})
