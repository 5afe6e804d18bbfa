/**
 * Forward and backward of each operation, our kernels beside the composition of tfjs operations, both replayed from a
 * recording: `npx vitest bench src/tf/ops`. Sizes are those of a ViT of width 64 on 32 images of 64 tokens.
 */
import { bench, describe } from 'vitest'
import { encodeCommands } from '../recording'
import { tf, type Tensor } from '../tfjs'
import { createOps, type Ops } from '.'
import { noise, testBackend } from './testing'

const backend = await testBackend()
const state = { dropoutRate: 0, random: tf.tensor([1, 1], [2], 'int32'), training: true }
const ops = { ours: createOps(backend, state), tfjs: createOps(null, state) }

const ids = tf.tensor(
  Int32Array.from({ length: 1024 }, (_, i) => (i * i) % 4000),
  [32, 32],
  'int32',
)
const labels = tf.tensor(
  Int32Array.from({ length: 32 }, (_, i) => i % 10),
  [32],
  'int32',
)
const x = noise([32, 64, 64], 1)

const cases: Readonly<Record<string, { inputs: Tensor[]; call: (ops: Ops, ...inputs: Tensor[]) => Tensor }>> = {
  'linear 64 to 128': {
    inputs: [x, noise([64, 128], 2), noise([128], 3)],
    call: ({ nn }, a, w, b) => nn.linear(a, w, b),
  },
  'linear 64 to 128, GELU': {
    inputs: [x, noise([64, 128], 2), noise([128], 3)],
    call: ({ nn }, a, w, b) => nn.linear(a, w, b, { activation: 'gelu' }),
  },
  layerNorm: { inputs: [x, noise([64], 2), noise([64], 3)], call: ({ nn }, a, s, b) => nn.layerNorm(a, s, b, 1e-6) },
  'attention, 4 heads': {
    inputs: [noise([32, 64, 192], 2)],
    call: ({ nn }, stacked) => nn.attention(stacked, 4),
  },
  'embedding 4000 x 64': { inputs: [noise([4000, 64], 1)], call: ({ nn }, table) => nn.embedding(table, ids) },
  'crossEntropy of 10 classes': {
    inputs: [noise([32, 10], 1)],
    call: (o, logits) => o.crossEntropy(logits, labels, 0.1),
  },
}

for (const [name, { inputs, call }] of Object.entries(cases)) {
  describe(name, () => {
    for (const [kind, kinds] of Object.entries(ops)) {
      const gradients = tf.grads((...args: Tensor[]) => call(kinds, ...args))
      const valueGrad = name.startsWith('crossEntropy') ? tf.scalar(1) : undefined
      const { commands } = backend.record(() => gradients(inputs, valueGrad))
      bench(
        kind,
        async () => {
          const encoder = backend.device.createCommandEncoder()
          encodeCommands(encoder, commands)
          backend.device.queue.submit([encoder.finish()])
          await backend.device.queue.onSubmittedWorkDone()
        },
        { time: 500, iterations: 3, warmupTime: 0, warmupIterations: 1 },
      )
    }
  })
}
