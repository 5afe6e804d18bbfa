import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { check } from '../config/check'
import { defaultExperiment } from '../config/defaults'
import { runId } from '../config/identity'
import type { Settings } from '../config/settings'
import { logitsOf, folderAt } from '../hub/testing'
import { exportRun } from './export'
import { runExperiment } from './run'
import { screenOn } from './screen'
import { openTensorFile } from './trace'

const folder = mkdtempSync(join(tmpdir(), 'export-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const screen = screenOn({ write: () => undefined })
const { signal } = new AbortController()
const where = { data: folder, files: [], backend: 'cpu', allowSoftware: true } as const

const tiny = {
  'data.train': 64,
  'data.held': 64,
  'model.width': 8,
  'model.depth': 1,
  'model.heads': 2,
  'model.ratio': 2,
  method: 'magnitude',
  'method.sparsity': 0.5,
  'training.steps': 3,
  'training.batch': 8,
}
const bert = { ...tiny, data: 'phrases', model: 'miniBert' }
const vit = { ...tiny, data: 'shapes', 'data.size': 8, model: 'vitTiny', 'model.patch': 4, 'model.pool': 'class' }

/** The folder of a finished run. */
async function run(settings: Settings): Promise<string> {
  const { experiment, notes } = check(settings, defaultExperiment)
  expect(notes).toEqual([])
  await runExperiment(experiment, { ...where, out: folder, force: false }, screen, signal)
  return join(folder, runId(experiment))
}

/** What `examples.safetensors` holds. */
function samples(out: string, name: string): Float32Array {
  const file = openTensorFile(join(out, 'examples.safetensors'))
  try {
    return file.floats(name)
  } finally {
    file.close()
  }
}

describe('exportRun', () => {
  it('writes a BERT that comes back with the same logits, bit for bit', async () => {
    const at = await run(bert)
    await exportRun(at, where, screen, signal)
    const out = join(at, 'pytorch')
    const ids = Int32Array.from(samples(out, 'input_ids'))
    const { vocab_size: vocabulary, max_position_embeddings: length } = JSON.parse(
      readFileSync(join(out, 'config.json'), 'utf8'),
    ) as { vocab_size: number; max_position_embeddings: number }
    const input = { task: 'text', vocabulary, length, classes: 2 } as const
    const batch = { task: 'text', ids, labels: new Int32Array(8) } as const
    const logits = await logitsOf(folderAt(out), input, [batch], { head: 'stored' }, { backend: 'cpu' })
    expect(logits).toEqual(samples(out, 'logits'))
    expect(logits.length).toBe(16)
  })

  it('takes the file itself, and writes where it is told to', async () => {
    const at = await run(vit)
    const out = join(folder, 'elsewhere')
    await exportRun(join(at, 'weights.safetensors'), { ...where, out }, screen, signal)
    expect(samples(out, 'pixel_values').length).toBe(8 * 8 * 8 * 3)
    expect(JSON.parse(readFileSync(join(out, 'config.json'), 'utf8'))).toMatchObject({
      model_type: 'vit',
      image_size: 8,
    })
  })

  it('refuses files that are not the weights of a run, and models that transformers lacks', async () => {
    const at = await run({ ...vit, 'model.pool': 'mean' })
    await expect(exportRun(at, where, screen, signal)).rejects.toThrow(/pooling is "mean"/)
    const codes = join(at, 'weights.int8.safetensors')
    await expect(exportRun(codes, where, screen, signal)).rejects.toThrow(/is no weights.safetensors of a run/)
    const { 'method.sparsity': _none, ...others } = vit
    const gated = await run({ ...others, method: 'dynamicHeads' })
    await expect(exportRun(gated, where, screen, signal)).rejects.toThrow(/transformers has no place/)
  })
})
