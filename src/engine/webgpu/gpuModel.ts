import type { BackendReport } from '../../core/trainer'
import type { Batch } from '../../data/batches'
import { guardMemory } from '../../gpu/watch'
import type { ArenaBackend, Recording } from '../../tf/backend'
import { buildGraph, type Differentiated } from '../../tf/graph'
import { createOps } from '../../tf/ops'
import type { Command } from '../../tf/recording'
import { tf, type Tensor } from '../../tf/tfjs'
import type { GpuArena } from './gpuArena'
import { attackOf } from '../executor/attack'
import { labelCount, type Blueprint } from '../executor/blueprint'
import { GpuAttack } from './gpuAttack'
import { judgedApart } from '../cuts/judging'
import { ModelInputs } from './modelInputs'
import { probeOptions, probesApart } from '../executor/settings'

interface Logits {
  readonly buffer: GPUBuffer
  readonly offset: number
  readonly size: number
}

/**
 * The model's recorded passes over the arena: commands that read the input buffers and write loss, gradients, logits.
 */
export interface GpuModel {
  /** Forward and backward; gradients end up in the arena's `grads`. */
  readonly backward: readonly Command[]
  readonly forward: readonly Command[]
  /** The same of adversarial images, which it makes; null where the run does not attack. */
  readonly attacked: { readonly forward: readonly Command[]; readonly logits: Logits } | null
  /** As `backward`, of what scoring before training differentiates (`Plan.probe`). */
  readonly probe: readonly Command[]
  /** As `backward`, without dropout. */
  readonly judge: readonly Command[]
  readonly loss: GPUBufferBinding
  /** Logits of the last `forward`, [batch, classes]. */
  readonly logits: Logits
  /** Bytes that the recordings own. */
  readonly bytes: number
  /** The variants chosen by timing, by kernel and shapes. */
  readonly tuned: NonNullable<BackendReport['tuned']>
  /** Fills the inputs for the next submit. */
  feed(batch: Batch, step: number, pressure?: number): void
  dispose(): void
}

/**
 * Compiles the kernels of the model's training and evaluation passes and records them; both read the same inputs, so
 * evaluation uses training's batch size.
 * @param progress hears of kernels that are timed
 * @throws Problem when the model does not fit or a kernel does not compile; AbortError when the signal fires meanwhile
 */
export async function openModel(
  blueprint: Blueprint,
  device: GPUDevice,
  backend: ArenaBackend,
  arena: GpuArena,
  progress: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<GpuModel> {
  const passes = buildPasses(blueprint, device, backend, arena)
  try {
    const all = () => [
      passes.train(),
      passes.evaluate(),
      passes.probe?.run(),
      passes.judge?.run(),
      ...(passes.attack ? [passes.attack.gradient(), passes.attack.evaluate()] : []),
    ]
    const [tuned] = await Promise.all([backend.prepare(all, progress), passes.attack?.maker.compile()])
    // The session may have been given up meanwhile, and tfjs may run on another device now.
    signal?.throwIfAborted()
    return await guardMemory(
      device,
      () => ({ ...recordPasses(passes, blueprint, backend, arena), tuned }),
      (model) => model.dispose(),
    )
  } catch (error) {
    passes.dispose()
    throw error
  }
}

/** A model's passes as tfjs runs them, over the arena's parameters and inputs of their own. */
interface Passes extends Pick<GpuModel, 'feed' | 'dispose'> {
  train(): Differentiated
  /** Where scoring before training differentiates something else; `attacked`: of the images that training sees. */
  readonly probe: { run(): Differentiated; readonly attacked: boolean } | null
  /** Present where cuts are judged by the loss without dropout and neither training nor scoring differentiates that. */
  readonly judge: Passes['probe']
  evaluate(): Tensor
  readonly attack: AttackPasses | null
}

/** Where the run makes adversarial images. */
interface AttackPasses {
  readonly maker: GpuAttack
  /** Of the loss, with respect to the images. */
  gradient(): Tensor
  /** Logits of the images. */
  evaluate(): Tensor
}

function buildPasses(blueprint: Blueprint, device: GPUDevice, backend: ArenaBackend, arena: GpuArena): Passes {
  const { experiment, pruning, model, objective, input, layout, report } = blueprint
  const { batch, dropout, labelSmoothing } = experiment.training
  const inputs = new ModelInputs(device, backend, input, batch, labelCount(blueprint))
  const { x, labels, random, pressure } = inputs
  const parameters = layout.tensors.map((t) => {
    const parameter = backend.view(arena.weights, 4 * t.offset, t.shape)
    backend.placeGradient(parameter, arena.grads, 4 * t.offset)
    return parameter
  })
  const mask = pruning.keepsValues ? backend.view(arena.mask, 0, [layout.prunableLength / 32], 'int32') : null
  const masked = mask ? { masked: { weights: arena.weights, mask } } : {}
  const graph = buildGraph(parameters, {
    model,
    ...(objective ? { objective } : {}),
    values: experiment.model.values,
    spec: input,
    layout,
    smoothing: labelSmoothing,
    pressure,
    training: createOps(backend, {
      dropoutRate: dropout,
      random,
      training: true,
      ...masked,
      ...(report.precision ? { precision: 'f16' } : {}),
      ...(report.precision === 'mixed' ? { factors: 'f16' } : {}),
    }),
    evaluation: createOps(backend, { dropoutRate: 0, random, training: false, ...masked }),
    attacking: createOps(backend, { dropoutRate: 0, random, training: false, towards: 'images', ...masked }),
  })
  const asked = attackOf(blueprint)
  const maker = asked && new GpuAttack(device, backend, asked, inputs)
  const options = probeOptions(blueprint)
  const seen = maker?.attack.trains ? maker.images : x
  const lossProbe = { run: () => graph.probe(seen, labels, { ...options, probe: 'loss' }), attacked: true }
  const otherProbe = { run: () => graph.probe(x, labels, options), attacked: false }
  const probe = probesApart(blueprint) ? (options.probe === 'loss' ? lossProbe : otherProbe) : null
  return {
    train: () => graph.lossAndGradients(seen, labels),
    probe,
    judge: judgedApart(pruning) && dropout > 0 && probe !== lossProbe ? lossProbe : null,
    evaluate: () => graph.logits(x),
    attack: maker && {
      maker,
      gradient: () => graph.towardsImages(maker.images, labels),
      evaluate: () => graph.logits(maker.images),
    },
    feed: (next, step, pushed) => inputs.feed(next, experiment.seed, step, pushed),
    dispose() {
      graph.dispose()
      for (const parameter of parameters) parameter.dispose()
      mask?.dispose()
      maker?.dispose()
      inputs.dispose()
    },
  }
}

function recordPasses(
  passes: Passes,
  blueprint: Blueprint,
  backend: ArenaBackend,
  arena: GpuArena,
): Omit<GpuModel, 'tuned'> {
  const training = recordGradients(backend, () => passes.train())
  const evaluation = backend.record(() => passes.evaluate())
  const attacked = passes.attack && recordAttack(passes.attack, backend)
  const ahead = attacked?.ahead ?? []
  const { loss, gradients } = training.value
  const backward = [...ahead, ...training.commands, ...copies(backend, gradients, blueprint, arena)]
  const recordProbe = (pass: NonNullable<Passes['probe']>) => {
    const recording = recordGradients(backend, () => pass.run())
    const copied = [
      ...copies(backend, recording.value.gradients, blueprint, arena),
      lossCopy(backend, recording.value.loss, loss),
    ]
    return { recording, commands: [...(pass.attacked ? ahead : []), ...recording.commands, ...copied] }
  }
  const probing = passes.probe && recordProbe(passes.probe)
  const judging = passes.judge && recordProbe(passes.judge)
  const probes = [probing, judging].flatMap((made) => (made ? [made.recording] : []))
  return {
    backward,
    forward: evaluation.commands,
    attacked,
    probe: probing?.commands ?? backward,
    judge: judging?.commands ?? (passes.probe?.attacked ? probing?.commands : undefined) ?? backward,
    loss: backend.binding(loss),
    logits: backend.binding(evaluation.value),
    bytes:
      training.bytes + evaluation.bytes + probes.reduce((sum, { bytes }) => sum + bytes, 0) + (attacked?.bytes ?? 0),
    feed: (batch, step, pressure) => passes.feed(batch, step, pressure),
    dispose() {
      const parts = [training.value, evaluation.value, ...probes.map(({ value }) => value)]
      tf.dispose(parts.map((part) => part as unknown as tf.TensorContainer))
      for (const recording of [training, evaluation, ...probes, attacked]) recording?.dispose()
      passes.dispose()
    },
  }
}

/**
 * Records a pass, with what it gives in buffers of the recording's own. A constant, such as the zeros of a tensor that
 * no optimizer moves, would else be uploaded by tfjs after the recording: into a buffer that another run left, and not
 * before something eager is submitted.
 */
function recordGradients(backend: ArenaBackend, run: () => Differentiated): Recording<Differentiated> {
  return backend.record(() => {
    const made = run()
    for (const tensor of [made.loss, ...made.gradients]) if (tensor) backend.binding(tensor)
    return made
  })
}

/** Commands that make adversarial images (`ahead` of training, where it uses them), and the forward pass over them. */
function recordAttack(passes: AttackPasses, backend: ArenaBackend) {
  const { maker } = passes
  const uphill = backend.record(() => passes.gradient())
  const evaluation = backend.record(() => passes.evaluate())
  const commands = maker.commands(uphill)
  return {
    ahead: maker.attack.trains ? commands : [],
    forward: [...commands, ...evaluation.commands],
    logits: backend.binding(evaluation.value),
    bytes: maker.bytes + uphill.bytes + evaluation.bytes,
    dispose() {
      tf.dispose([uphill.value, evaluation.value])
      for (const recording of [uphill, evaluation]) recording.dispose()
    },
  }
}

/** The probed number takes the place of the loss, where halting checks it. */
function lossCopy(backend: ArenaBackend, probed: Tensor, loss: Tensor): Command {
  const [from, to] = [backend.binding(probed), backend.binding(loss)]
  return { kind: 'copy', from: from.buffer, fromOffset: from.offset, to: to.buffer, toOffset: to.offset, size: 4 }
}

/** Gradients that no operation wrote to their places in the arena: those that tfjs computed or added up. */
function copies(
  backend: ArenaBackend,
  gradients: Differentiated['gradients'],
  { layout }: Blueprint,
  arena: GpuArena,
): Command[] {
  return layout.tensors.flatMap((tensor, i): Command[] => {
    const gradient = gradients[i]
    // The arena holds zeros for what does not train.
    if (!gradient) return []
    const from = backend.binding(gradient)
    if (from.buffer === arena.grads && from.offset === 4 * tensor.offset) return []
    return [
      {
        kind: 'copy',
        from: from.buffer,
        fromOffset: from.offset,
        to: arena.grads,
        toOffset: 4 * tensor.offset,
        size: 4 * tensor.size,
      },
    ]
  })
}
