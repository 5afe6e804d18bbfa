import { runId } from '../../src/config/identity'
import type { Experiment } from '../../src/core/experiment'
import type { InferenceReport } from '../../src/core/inference'
import type {
  BackendReport,
  ClassCounts,
  Evaluation,
  LayerSparsity,
  MapLayout,
  NoisePoint,
  Opened,
  RunResult,
  StepMetrics,
  WeightClass,
} from '../../src/core/trainer'
import type { WatchedCut } from '../../src/core/instability'
import { placeTensors } from '../../src/core/layout'
import type { Frame } from '../../src/core/recorded'
import { uniform } from '../../src/core/random'
import { sizeReport, type SizeReport } from '../../src/core/sizes'
import type { Matrix } from '../../src/core/weightMap'

/** Events as the engine sends them, made by hand. Only tests and the gallery import this. */
const matrices = ['attention/query', 'attention/key', 'attention/value', 'attention/output', 'mlp/up', 'mlp/down']
const shapes = [
  [64, 64],
  [64, 64],
  [64, 64],
  [64, 64],
  [64, 128],
  [128, 64],
] as const

export const handMap: MapLayout = {
  width: 4 * 66 + 130 + 66,
  height: 4 * 132,
  tiles: [0, 1, 2, 3].flatMap((block) => {
    let x = 0
    return matrices.map((name, i) => {
      const [rows, columns] = shapes[i]!
      const tile = { name: `block${block}/${name}/weights`, x, y: block * 132, width: columns, height: rows }
      x += columns + 2
      return tile
    })
  }),
}

/** The same tensors in the flat buffer, one after the other. */
export const handMatrices: readonly Matrix[] = placeTensors(
  handMap.tiles.map(({ name, width, height }) => ({
    name,
    shape: [height, width],
    init: { kind: 'normal', deviation: 0.02 },
    prunable: true,
    decay: true,
  })),
).prunable

export const handBackend: BackendReport = {
  backend: 'webgpu',
  device: 'apple m2',
  software: false,
  reason: 'A real adapter answered.',
}

const source = { kind: 'origin' as const, text: "CIFAR-10, 10,000 training images from this page's own origin" }

export function handLayers(sparsity: number): LayerSparsity[] {
  return handMap.tiles.map((tile, i) => {
    const size = tile.width * tile.height
    return { name: tile.name, size, kept: Math.round(size * (1 - sparsity * (0.8 + 0.2 * uniform(1, 2, i)))) }
  })
}

export function handOpened(experiment: Experiment): Opened {
  return {
    runId: runId(experiment),
    backend: handBackend,
    source,
    classes: ['airplane', 'automobile'],
    trainCount: 10_000,
    heldCount: 2000,
    majority: 0.104,
    parameters: 142_026,
    prunable: 131_072,
    layers: handLayers(0),
    matrices: handMatrices,
    map: handMap,
    scores: true,
  }
}

/** A moment of a run, with one kept weight of every layer for each step. */
export function handFrame(step: number): Frame {
  return {
    step,
    changes: new Uint8Array(0),
    whole: step === 1,
    cut: 0,
    back: 0,
    kept: handMatrices.map(() => step),
    classes: handClasses(step / 1000),
    sample: null,
  }
}

export function handSteps(from: number, to: number, target = 0.8): StepMetrics[] {
  return Array.from({ length: to - from }, (_, i) => {
    const step = from + i + 1
    const loss = 0.9 + 1.4 * Math.exp(-step / 500) + 0.35 * (uniform(1, 3, step) - 0.5)
    const sparsity = target * (1 - (1 - Math.min(1, Math.max(0, (step - 400) / 1100))) ** 3)
    return { step, loss, gradientNorm: 1, rate: 1e-3, sparsity }
  })
}

export function handEvaluation(
  step: number,
  moment: Evaluation['moment'],
  accuracy: number,
  sparsity: number,
): Evaluation {
  return { step, moment, accuracy, loss: 1.5, sparsity }
}

/** Four cuts of a ramp, each of which costs more than the one before. */
export function handCuts(steps: number, target: number): WatchedCut[] {
  return [0, 1, 2, 3].map((i) => {
    const accuracy = 0.4 + 0.02 * i
    const drop = (0.3 * target * (i + 1)) / 4
    return {
      step: Math.round(steps * (0.2 + 0.18 * i)),
      sparsity: (target * (i + 1)) / 4,
      before: { accuracy, loss: 1.6 },
      after: { accuracy: accuracy - drop, loss: 1.6 + 2 * drop },
    }
  })
}

/** A method that cuts few sentinels and most others. */
export function handClasses(sparsity: number): ClassCounts {
  const sizes = { sentinel: 26_214, temporary: 5210, ordinary: 99_648 }
  const cut = { sentinel: 0.15 * sparsity, temporary: 0.9 * sparsity }
  const [sentinel, temporary] = [Math.round(sizes.sentinel * cut.sentinel), Math.round(sizes.temporary * cut.temporary)]
  const ordinary = Math.round(131_072 * sparsity) - sentinel - temporary
  return {
    sentinel: { kept: sizes.sentinel - sentinel, cut: sentinel },
    temporary: { kept: sizes.temporary - temporary, cut: temporary },
    ordinary: { kept: sizes.ordinary - ordinary, cut: ordinary },
  }
}

export function handNoise(): NoisePoint[] {
  return Array.from({ length: 380 }, (_, i) => {
    const importance = 10 ** (-2 + 3 * uniform(1, 4, i))
    const peak = importance * 10 ** (-4.4 + uniform(1, 5, i))
    const spread = 2 * uniform(1, 7, i) ** 2
    const name: WeightClass = importance > 2 ? 'sentinel' : peak > 1e-4 ? 'temporary' : 'ordinary'
    return {
      index: i * 344,
      importance,
      peak,
      spread,
      class: name,
      cut: uniform(1, 6, i) < { sentinel: 0.1, temporary: 0.8, ordinary: 0.9 }[name],
    }
  })
}

/** Four fifths pruned: little faster where multiplying by zeros is cheap. */
const handInference: InferenceReport = {
  compression: 3.8,
  denseMultiplyAdds: 9_240_576,
  prunedMultiplyAdds: 2_949_120,
  theoreticalSpeedup: 3.13,
  latency: [
    { batch: 1, denseMs: 1.84, prunedMs: 1.31, compactMs: 1.52, sparseLayers: 18, prunableLayers: 24 },
    { batch: 32, denseMs: 21.4, prunedMs: 21.4, compactMs: 17.6, sparseLayers: 0, prunableLayers: 24 },
  ],
  verdict:
    '80 % sparse is 1.0 to 1.4 times as fast as dense on this device (least: '
    + '32 examples at once with sparse kernels; most: one example with sparse kernels); '
    + 'in theory it could be 3.1 times as fast.',
  compact: {
    parameters: 118_904,
    multiplyAdds: 7_741_440,
    units: [
      { kind: 'head', kept: 14, count: 16 },
      { kind: 'neuron', kept: 431, count: 512 },
    ],
    difference: 4.8e-7,
  },
  rebuilt:
    'Rebuilt without 2 of 16 heads and 81 of 512 neurons, which change nothing, '
    + 'it has 83.7 % of the parameters, and its logits differ by 4.8e-7 at most.',
}

/** Four fifths of the matrices pruned: 26,214 of 131,072 weights left. */
const handSizes: SizeReport = sizeReport(
  [
    { prunable: true, shape: [1024, 128], nonzero: 26_214, int8: { nonzero: 25_870, scales: 1536 } },
    { prunable: false, shape: [10_954], nonzero: 10_954, int8: null },
  ],
  { f32: { prunable: 118_204, all: 158_900 }, int8: { prunable: 42_310, all: 83_120 } },
)

export function handResult(experiment: Experiment, sparsity: number, pruned: number, end: number): RunResult {
  const { steps } = experiment.training
  const kept = Math.round(131_072 * (1 - sparsity))
  return {
    runId: runId(experiment),
    experiment,
    backend: handBackend,
    source,
    layers: handLayers(sparsity),
    steps,
    kept,
    prunable: 131_072,
    parameters: 142_026,
    classes: handClasses(sparsity),
    majority: 0.104,
    held: 2000,
    seconds: 84,
    msPerStep: 42,
    inference: handInference,
    sizes: handSizes,
    quantized: { accuracy: end - 0.004, loss: 1.52 },
    evaluations: [
      handEvaluation(Math.round(steps * 0.75), 'pruned', pruned, sparsity),
      handEvaluation(steps, 'end', end, sparsity),
    ],
    cuts: sparsity > 0 ? handCuts(steps, sparsity) : [],
  }
}
