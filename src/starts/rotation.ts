import type { Objective } from '../core/objective'
import { Problem } from '../core/problem'
import { start } from '../core/start'
import { paceOf, pretrainingKnobs } from './pretraining'
import { parameter, trunkOf } from './trunk'

/** Images are turned, and the model says by how much. */
export const rotation = start({
  label: 'Rotation',
  about: 'Weights that learnt by which of four angles an image was turned, without a label.',
  cite: 'Gidaris et al., arXiv:1803.07728',
  task: 'image',
  knobs: pretrainingKnobs,
  pretraining: (values) => ({ ...paceOf(values), text: 'says how images are turned', objective: turning }),
})

/** Quarter turns to the left, as many as an example's number says. */
const turns = 4

/** An example's number is its quarter turns, and a linear layer of its own says which it is. */
export const turning: Objective = {
  tensors(learner) {
    const head = learner.model.tensors(learner.values, learner.input).find(({ name }) => name === 'head/weights')
    const width = head?.shape[0] ?? 0
    return [
      {
        name: 'turn/weights',
        shape: [width, turns],
        init: { kind: 'normal', deviation: 0.02 },
        prunable: false,
        decay: true,
      },
      { name: 'turn/bias', shape: [turns], init: { kind: 'constant', value: 0 }, prunable: false, decay: false },
    ]
  },
  words: () => 1,
  hide({ pixels, labels }, { input }, random) {
    if (input.task !== 'image' || !pixels) throw new TypeError('Texts do not turn.')
    const [height, width, channels] = input.shape
    if (height !== width)
      throw new Problem(
        `Images of ${height} x ${width} pixels do not turn by a quarter.`,
        'Choose masked patches, or square images.',
        { about: 'model' },
      )
    const size = height * width * channels
    const before = new Uint8Array(size)
    for (let i = 0; i < labels.length; i++) {
      const image = pixels.subarray(i * size, (i + 1) * size)
      const count = (labels[i] = random.below(turns))
      before.set(image)
      turn(before, image, height, channels, count)
    }
  },
  loss({ nn, crossEntropy, params, input, hidden }, learner) {
    const trunk = trunkOf(learner)
    const { values, input: spec } = learner
    const encoded = trunk.encode(nn, params, trunk.embed(nn, params, input, values), input, values, spec)
    const pooled = trunk.pool(nn, params, encoded, input, values)
    return crossEntropy(nn.linear(pooled, parameter(params, 'turn/weights'), parameter(params, 'turn/bias')), hidden)
  },
}

/** Writes a square image, turned to the left `count` times by a quarter. */
function turn(from: Uint8Array, to: Uint8Array, side: number, channels: number, count: number): void {
  const [row, last] = [side * channels, (side - 1) * channels]
  const end = (side - 1) * row
  // Where the turned image's first pixel lies, and how far it is to the next one below and beside.
  const ways = [
    { first: 0, down: row, right: channels },
    { first: last, down: -channels, right: row },
    { first: end + last, down: -row, right: -channels },
    { first: end, down: channels, right: -row },
  ]
  const { first, down, right } = ways[count] ?? { first: 0, down: row, right: channels }
  let at = 0
  for (let y = 0; y < side; y++)
    for (let x = 0, place = first + y * down; x < side; x++, place += right)
      for (let k = 0; k < channels; k++) to[at++] = from[place + k] ?? 0
}
