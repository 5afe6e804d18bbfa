import type { Tensor } from '@tensorflow/tfjs'
import { integer } from '../core/knob'
import { model } from '../core/model'
import { linear, linearTensors, tableTensor, tensor } from './blocks'

/** The toy, which can be computed by hand: flatten (or average token vectors), one hidden layer, classify. */
export const mlp = model({
  label: 'MLP',
  cite: 'A toy for hand-worked examples',
  task: 'any',
  knobs: {
    width: integer('Width', 32, [1, 1024], { help: 'Hidden units.' }),
  },
  sizes: { toy: { width: 8 }, wide: { width: 256 } },
  tensors(v, input) {
    const fanIn = input.task === 'image' ? input.shape.reduce((a, b) => a * b, 1) : v.width
    return [
      ...linearTensors('hidden', fanIn, v.width, true),
      ...linearTensors('head', v.width, input.classes, false, { kind: 'normal', deviation: 0.02 }),
      ...(input.task === 'text' ? [tableTensor('embed/tokens', input.vocabulary, v.width, 0.5)] : []),
    ]
  },
  forward(nn, params, input) {
    const features: Tensor = params['embed/tokens']
      ? nn.embedding(tensor(params, 'embed/tokens'), input).mean(1)
      : nn.pixels(input)
    return linear(nn, params, 'head', linear(nn, params, 'hidden', features, { activation: 'gelu' }))
  },
})
