import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { defaultExperiment } from '../config/defaults'
import { fromLink } from '../config/link'
import { modelOf } from '../config/modelOf'
import { plugin } from '../config/registries'
import type { Examples, LoadProgress } from '../core/dataset'
import type { Experiment } from '../core/experiment'
import { defaults } from '../core/knob'
import { placeTensors } from '../core/layout'
import { Problem } from '../core/problem'
import { trainingKnobs } from '../core/training'
import type { Batch } from '../data/batches'
import { exportOf, refuseExportOf } from '../engine/run/exportOf'
import { loadExamples } from '../engine/run/loadExamples'
import { openExecutor } from '../engine/run/runtime'
import { fileBytes, nodeHost } from '../host/node'
import { nodeThreads } from '../host/nodeThreads'
import type { ExportedTensor } from '../hub/exported'
import { openDawn } from './gpu'
import { tryFolder } from './output'
import { checkFiles } from './ownFiles'
import { progressOn } from './progress'
import type { RunOptions } from './run'
import type { Screen } from './screen'
import { openTensorFile, type TensorFile } from './trace'
import { writeWhole } from './writeWhole'

/** Options of `sentinel export`. */
export interface ExportOptions extends Pick<RunOptions, 'data' | 'files' | 'backend' | 'allowSoftware'> {
  /** Folder for the files; `pytorch` beside the weights where left out. */
  readonly out?: string
}

const saved = 'weights.safetensors'

/**
 * Writes the model of a run as a folder that transformers opens, with its masks, and with examples and what this
 * playground computes of them.
 * @param run its folder, or the `weights.safetensors` in it
 * @throws Problem where there are no such weights, or transformers has no such model
 */
export async function exportRun(
  run: string,
  options: ExportOptions,
  screen: Screen,
  signal: AbortSignal,
): Promise<void> {
  const path = statSync(run, { throwIfNoEntry: false })?.isDirectory() ? join(run, saved) : run
  const { experiment, tensors } = readWeights(path)
  refuseExportOf(experiment, tensors)
  checkFiles(options.files, experiment)
  const out = options.out ?? join(dirname(path), 'pytorch')
  tryFolder('--out', out)
  const examples = await load(experiment, path, options, screen, signal)
  const logitsOf = (batch: Batch) => evaluated(experiment, examples, tensors, batch, options)
  const files = await exportOf(experiment, examples, tensors, logitsOf)
  for (const { name, content } of files) writeWhole(out, name, content)
  screen.line(`Wrote ${files.map(({ name }) => name).join(', ')} to ${out}`)
  screen.line(`"python3 ${join(out, 'load.py')}" opens it in transformers and compares what both compute.`)
}

/** A run's experiment and weights. @throws Problem where the file holds something else */
function readWeights(path: string): { readonly experiment: Experiment; readonly tensors: readonly ExportedTensor[] } {
  const file = openTensorFile(path)
  try {
    const { link, compact, quantization } = file.metadata
    if (link === undefined || compact !== undefined || quantization !== undefined)
      throw new Problem(
        `${path} is no ${saved} of a run${link === undefined ? ': it holds no link of an experiment' : ''}.`,
        `Name the folder of a run, or the ${saved} in it.`,
      )
    const names = [...file.tensors.keys()].filter((name) => !name.endsWith('.mask'))
    return { experiment: fromLink(link).experiment, tensors: names.map((name) => tensorOf(file, name)) }
  } finally {
    file.close()
  }
}

function tensorOf(file: TensorFile, name: string): ExportedTensor {
  const mask = `${name}.mask`
  return {
    name,
    shape: file.tensors.get(name)?.shape ?? [],
    values: file.floats(name),
    ...(file.tensors.has(mask) ? { mask: file.bytes(mask) } : {}),
  }
}

/** The data of a run, spelt in the words of the model that it started from where it did. */
async function load(
  { data, seed, start }: Experiment,
  path: string,
  options: ExportOptions,
  screen: Screen,
  signal: AbortSignal,
): Promise<Examples> {
  const { show, end } = progressOn(screen, 0)
  const host = nodeHost({ dataDir: options.data, files: options.files })
  const progress = (now: LoadProgress) => show({ type: 'loading', progress: now })
  try {
    const recipe = plugin('start', start.id)
    // A run that began with another run's weights tells its words itself.
    const files = recipe.ofRun ? [{ name: saved, bytes: fileBytes(path) }] : host.files
    const trained = await recipe.open?.(start.values, { host: { ...host, files }, signal, seed, progress })
    return await loadExamples(data, seed, { host, signal, emit: show }, trained?.vocabulary)
  } finally {
    end()
  }
}

/** Logits of a batch by the saved weights, which are what the model reads: nothing rounds, prunes or gates them. */
async function evaluated(
  { model, data, seed, training }: Experiment,
  { input }: Examples,
  tensors: readonly ExportedTensor[],
  batch: Batch,
  { backend, allowSoftware }: ExportOptions,
): Promise<Float32Array> {
  const method = { id: 'dense', values: defaults(plugin('method', 'dense').knobs) }
  const plain = { ...defaults(trainingKnobs), batch: training.batch }
  const experiment: Experiment = { seed, data, model, start: defaultExperiment.start, method, training: plain }
  const layout = placeTensors(modelOf(experiment).tensors(model.values, input))
  const weights = new Float32Array(layout.length)
  for (const { name, size, offset } of layout.tensors) {
    const values = tensors.find((tensor) => tensor.name === name)?.values
    if (values?.length !== size)
      throw new Problem(
        `The run's tensor "${name}" has ${values?.length ?? 0} weights; with the data that was found it has ${size}.`,
        'Name the data of the run with --data or --files.',
      )
    weights.set(values, offset)
  }
  const gpu = backend === 'wasm' || backend === 'cpu' ? undefined : await openDawn()
  const executor = await openExecutor(experiment, input, layout, {
    gpu,
    backend,
    allowSoftware,
    wasm: '',
    threads: nodeThreads(),
  })
  try {
    await executor.setWeights({ weights, moments: 'fresh' })
    return await executor.evaluate([batch])
  } finally {
    executor.dispose()
  }
}
