import { beforeAll, describe, expect, it } from 'vitest'
import { defaults, type Values } from '../core/knob'
import { placeTensors, type Layout } from '../core/layout'
import type { InputSpec, Model } from '../core/model'
import { Problem } from '../core/problem'
import { initialWeights } from '../engine/executor/initial'
import { buildGraph, inputShape } from '../tf/graph'
import { createOps } from '../tf/ops'
import { startPortableBackend } from '../tf/portable'
import { tf, type Tensor } from '../tf/tfjs'
import * as models from './index'

const image: InputSpec = { task: 'image', shape: [8, 8, 3], classes: 5 }
const text: InputSpec = { task: 'text', vocabulary: 30, length: 6, classes: 2 }

/** [CLS] a [SEP] b [SEP]; the ids of `batchOf` have a 3 in some rows. */
const pairs: InputSpec = { ...text, pairs: true }

const all = Object.entries(models) as [string, Model][]
const cases = all.flatMap(([id, model]) =>
  [image, text, pairs]
    .filter((i) => model.task === 'any' || model.task === i.task)
    .map((input) => [`${id} on ${input === pairs ? 'pairs' : input.task}`, model, input] as const),
)

/** Small enough for finite differences. */
const small: Readonly<Record<string, number | string>> = { width: 8, depth: 2, heads: 2, ratio: 2, patch: 4 }

function valuesOf(model: Model): Values {
  return Object.fromEntries(Object.entries(defaults(model.knobs)).map(([name, value]) => [name, small[name] ?? value]))
}

function lossAndGradients(model: Model, values: Values, input: InputSpec, layout: Layout, weights: Float32Array) {
  return tf.tidy(() => {
    const ops = createOps(null, { dropoutRate: 0, random: tf.tensor1d([0, 0], 'int32'), training: true })
    const parameters = layout.tensors.map((t) => tf.tensor(weights.slice(t.offset, t.offset + t.size), [...t.shape]))
    const graph = buildGraph(parameters, {
      model,
      values,
      spec: input,
      layout,
      smoothing: 0,
      training: ops,
      evaluation: ops,
    })
    const { loss, gradients } = graph.lossAndGradients(batchOf(input), tf.tensor1d([0, 1, 1, 0], 'int32'))
    graph.dispose()
    return { loss: loss.dataSync()[0]!, gradients: gradients.map((g) => Float32Array.from(g!.dataSync())) }
  })
}

/** Four examples; the text ones end in padding. */
function batchOf(input: InputSpec): Tensor {
  const shape = inputShape(input, 4)
  const size = shape.reduce((a, b) => a * b, 1)
  if (input.task === 'image')
    return tf.tensor(
      Float32Array.from({ length: size }, (_, i) => Math.sin(i * 1.7)),
      shape,
    )
  return tf.tensor(
    Int32Array.from({ length: size }, (_, i) => (i % 6 > 3 ? 0 : 1 + ((i * 11) % 29))),
    shape,
    'int32',
  )
}

beforeAll(async () => {
  await startPortableBackend('cpu', '')
})

describe.each(cases)('%s', (_name, model, input) => {
  const values = valuesOf(model)
  const layout = placeTensors(model.tensors(values, input))

  it('names its tensors once, and prunes matrices that decay', () => {
    expect(new Set(layout.tensors.map((t) => t.name)).size).toBe(layout.tensors.length)
    expect(layout.prunable.length).toBeGreaterThan(0)
    for (const t of layout.prunable) expect([t.shape.length, t.decay]).toEqual([2, true])
  })

  it('starts at a loss of about ln(classes)', () => {
    const { loss } = lossAndGradients(model, values, input, layout, initialWeights(layout, 1))
    expect(Math.abs(loss - Math.log(input.classes))).toBeLessThan(0.5)
  })

  it('has the gradients that central differences have', () => {
    const weights = initialWeights(layout, 2)
    const { gradients } = lossAndGradients(model, values, input, layout, weights)
    const at = (index: number, by: number) => {
      const moved = weights.slice()
      moved[index] = moved[index]! + by
      return lossAndGradients(model, values, input, layout, moved).loss
    }
    // Two weights of every tensor. A step of 0.01 leaves float32 about four digits of the difference.
    layout.tensors.forEach((tensor, t) => {
      for (const k of new Set([0, tensor.size - 1])) {
        const numeric = (at(tensor.offset + k, 0.01) - at(tensor.offset + k, -0.01)) / 0.02
        expect(Math.abs(numeric - gradients[t]![k]!), `${tensor.name}[${k}]`).toBeLessThan(
          2e-3 + 0.02 * Math.abs(numeric),
        )
      }
    })
  }, 120_000)
})

describe('published sizes', () => {
  const count = (model: Model, size: string, input: InputSpec, extra: Values = {}) =>
    placeTensors(model.tensors({ ...defaults(model.knobs), ...model.sizes[size], ...extra } as Values, input))
      .parameterCount

  it('ViT-Tiny on 224 x 224, patches of 16, 1000 classes has 5,717,416 parameters', () => {
    // patches   16*16*3*192 + 192                                     =   147,648
    // token + positions   192 + 197*192                               =    38,016
    // a block   2*384 + 4*(192*192+192) + (192*768+768) + (768*192+192) =   444,864; twelve of them 5,338,368
    // last norm 384; head 192*1000 + 1000                             =   193,384
    // sum 147,648 + 38,016 + 5,338,368 + 193,384                      = 5,717,416 (timm's vit_tiny_patch16_224)
    const input: InputSpec = { task: 'image', shape: [224, 224, 3], classes: 1000 }
    expect(count(models.vitTiny as Model, 'tiny', input, { patch: 16 })).toBe(5_717_416)
  })

  it('BERT-mini with 30,522 word pieces and 512 positions has 11,170,560 parameters before its head', () => {
    // embeddings   (30,522 + 512 + 2) * 256 + 2*256                    = 7,945,728
    // a block   4*(256*256+256) + (256*1024+1024) + (1024*256+256) + 2*512 = 789,760; four of them 3,159,040
    // pooler   256*256 + 256                                           =    65,792
    // sum                                                              = 11,170,560 (google/bert_uncased_L-4_H-256_A-4)
    // head of two classes   256*2 + 2                                  =       514
    const input: InputSpec = { task: 'text', vocabulary: 30_522, length: 512, classes: 2 }
    expect(count(models.miniBert as Model, 'mini', input)).toBe(11_170_560 + 514)
  })
})

it('says what does not fit together', () => {
  const vit = (values: Values) => models.vitTiny.tensors({ ...defaults(models.vitTiny.knobs), ...values }, image)
  expect(() => vit({ patch: 3 })).toThrow(/Patches of 3 pixels do not divide an image of 8 x 8/)
  expect(() => vit({ heads: 5 })).toThrow(/5 heads do not divide a width of 64/)
  expect(() => models.miniBert.tensors(defaults(models.miniBert.knobs), image)).toThrow(Problem)
})
