import { expect, it } from 'vitest'
import { plugin } from '../config/registries'
import { openPreset } from '../config/presets'
import { check } from '../config/check'
import { placeTensors } from '../core/layout'
import { batchNumbers, batchReader, makeBatch } from '../data/batches'
import { dawn } from '../gpu/testing'
import { nodeHost } from '../host/node'
import { inputShape } from '../tf/graph'
import { createOps } from '../tf/ops'
import { tf, type Tensor } from '../tf/tfjs'
import { initialWeights } from './executor/initial'
import { openSession } from './run/openSession'
import { untilTheEnd } from './testing'

const steps = 20

/**
 * The preset's model and recipe, dense, on images of a quarter of the size, without what tfjs's Adam lacks: decay and
 * clipping.
 */
function experiment() {
  return check(
    {
      data: 'shapes',
      'data.train': 512,
      'data.held': 64,
      'data.size': 16,
      method: 'dense',
      'training.weightDecay': 0,
      'training.clip': 0,
      'training.steps': steps,
      'training.batch': 8,
      'training.warmup': 0,
      'training.schedule': 'constant',
      'training.rate': 1e-3,
      'training.evaluateEvery': 0,
    },
    openPreset('cifar10-nano'),
  ).experiment
}

it(
  'the recorded step of cifar10-nano trains as tfjs does eagerly with its own Adam: '
    + 'losses of 20 steps to four digits',
  async () => {
    const e = experiment()
    const host = nodeHost({ dataDir: '' })
    const session = await openSession(e, {
      host,
      gpu: dawn(),
      backend: 'webgpu',
      allowSoftware: true,
      wasm: '',
      signal: untilTheEnd,
      emit: () => undefined,
    })
    await session.run(untilTheEnd)
    const recorded = session.metrics.map((m) => m.loss)

    // The same tfjs backend, but eager, with tfjs's own operations and optimizer.
    const examples = await plugin('data', e.data.id).load(e.data.values, {
      host,
      seed: e.seed,
      signal: untilTheEnd,
      progress: () => undefined,
    })
    const model = plugin('model', e.model.id)
    const layout = placeTensors(model.tensors(e.model.values, examples.input))
    const weights = initialWeights(layout, e.seed)
    const ops = createOps(null, { dropoutRate: 0, random: tf.tensor1d([0, 0], 'int32'), training: true })
    const variables = layout.tensors.map((t) =>
      tf.variable(tf.tensor(weights.slice(t.offset, t.offset + t.size), [...t.shape])),
    )
    const named = Object.fromEntries(layout.tensors.map((t, i): [string, Tensor] => [t.name, variables[i]!]))
    const reader = batchReader(examples, { batch: e.training.batch, seed: e.seed, augment: e.training.augment })
    const batch = makeBatch(examples, e.training.batch)
    const adam = tf.train.adam(e.training.rate, e.training.beta1, e.training.beta2, 1e-8)
    for (let step = 0; step < steps; step++) {
      reader.readTrain(step, batch)
      const x = tf.tensor(batchNumbers(batch, examples.input).slice(), inputShape(examples.input, e.training.batch))
      const y = tf.tensor1d(batch.labels.slice(), 'int32')
      const cost = adam.minimize(
        () =>
          ops
            .crossEntropy(model.forward(ops.nn, named, x, e.model.values, examples.input), y, e.training.labelSmoothing)
            .asScalar(),
        true,
        variables,
      )
      const loss = (await cost!.data())[0]!
      expect(recorded[step], `step ${step + 1}`).toBeCloseTo(loss, 4)
      tf.dispose([x, y, cost!])
    }
    // Both would agree as well if neither moved a weight.
    expect(await session.executor.weights()).not.toEqual(weights)
    session.dispose()
  },
  300_000,
)
