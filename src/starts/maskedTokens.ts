import type { Tensor } from '@tensorflow/tfjs'
import { percent } from '../core/figures'
import { share } from '../core/knob'
import type { InputSpec } from '../core/model'
import type { Learner, Objective } from '../core/objective'
import { Problem } from '../core/problem'
import { start } from '../core/start'
import { specials } from '../data/wordpiece'
import { paceOf, pretrainingKnobs } from './pretraining'
import { parameter, trunkOf } from './trunk'

/** Smaller ids are of special pieces: never hidden, and never put in the place of a token. */
const firstWord = specials.length
const unknown = specials.indexOf('[UNK]')
const epsilon = 1e-12

/** BERT's first objective: some tokens are hidden, and the model says which they were. */
export const maskedTokens = start({
  label: 'Masked tokens',
  about: 'Weights that learnt to guess hidden words, without a label.',
  cite: 'Devlin et al., arXiv:1810.04805, section 3.1',
  task: 'text',
  knobs: {
    share: share('Hidden tokens', 0.15, [0.01, 0.9], { help: 'Share of the tokens that the model has to guess.' }),
    ...pretrainingKnobs,
  },
  pretraining: (values) => ({
    ...paceOf(values),
    text: `guesses ${percent(values.share)} of the tokens`,
    objective: tokenObjective(values.share),
  }),
})

/**
 * Of an example's tokens that are hidden, 80 % become [UNK] (a vocabulary that is learnt here has no [MASK]), 10 %
 * another token, and 10 % stay. What the loss has to know is a place for each that may be hidden, as a row of the
 * batch's tokens, then the token that was there, -1 where there is none.
 */
export function tokenObjective(hidden: number): Objective {
  const places = ({ length }: Texts) => Math.max(1, Math.ceil(hidden * (length - 2)))
  return {
    tensors({ model, values, input }) {
      const width = widthOf({ model, values, input })
      const init = { kind: 'normal', deviation: 0.02 } as const
      const plain = { prunable: false, decay: false } as const
      const zero = { kind: 'constant', value: 0 } as const
      return [
        { name: 'guess/weights', shape: [width, width], init, prunable: false, decay: true },
        { name: 'guess/bias', shape: [width], init: zero, ...plain },
        { name: 'guess/norm/scale', shape: [width], init: { kind: 'constant', value: 1 }, ...plain },
        { name: 'guess/norm/shift', shape: [width], init: zero, ...plain },
        { name: 'guess/tokens/bias', shape: [textsOf(input).vocabulary], init: zero, ...plain },
      ]
    },
    words: ({ input }) => 2 * places(textsOf(input)),
    hide({ ids, labels }, { input }, random) {
      const texts = textsOf(input)
      if (!ids) throw new TypeError('Texts without ids.')
      const [most, half] = [places(texts), labels.length / 2]
      for (let row = 0; row * texts.length < ids.length; row++) {
        const [first, end] = [row * texts.length, (row + 1) * texts.length]
        const real = [...ids.subarray(first, end).keys()].filter((i) => (ids[first + i] ?? 0) >= firstWord)
        const wanted = Math.min(most, real.length, Math.max(1, Math.round(hidden * real.length)))
        const order = random.permutation(real.length)
        for (let k = 0; k < most; k++) {
          const at = k < wanted ? first + (real[order[k] ?? 0] ?? 0) : first
          labels[row * most + k] = at
          labels[half + row * most + k] = k < wanted ? (ids[at] ?? -1) : -1
          if (k < wanted) ids[at] = shownInstead(ids[at] ?? 0, texts.vocabulary, random.next(), random.next())
        }
      }
    },
    loss({ nn, crossEntropy, params, input, hidden: told }, learner) {
      const trunk = trunkOf(learner)
      const { values, input: spec } = learner
      const width = widthOf(learner)
      const encoded = trunk.encode(nn, params, trunk.embed(nn, params, input, values), input, values, spec)
      const half = told.size / 2
      // Rows of a table, as embeddings are, so that the gradient is a sum in a fixed order.
      const rows = nn.embedding(encoded.reshape([-1, width]), told.slice([0], [half]).reshape([half, 1]))
      const x = nn.linear(
        rows.reshape([half, width]),
        parameter(params, 'guess/weights'),
        parameter(params, 'guess/bias'),
        { activation: 'gelu' },
      )
      const normed = nn.layerNorm(
        x,
        parameter(params, 'guess/norm/scale'),
        parameter(params, 'guess/norm/shift'),
        epsilon,
      )
      const table = parameter(params, 'embed/tokens')
      const logits = nn.linear(normed, table.transpose<Tensor>(), parameter(params, 'guess/tokens/bias'))
      return crossEntropy(logits, told.slice([half], [half]))
    },
  }
}

/** What stands in the place of a hidden token. */
function shownInstead(token: number, vocabulary: number, kind: number, which: number): number {
  if (kind < 0.8) return unknown
  return kind < 0.9 ? firstWord + Math.floor(which * Math.max(1, vocabulary - firstWord)) : token
}

type Texts = Extract<InputSpec, { task: 'text' }>

function textsOf(input: InputSpec): Texts {
  if (input.task === 'text') return input
  throw new Problem('Images have no tokens to hide.', 'Choose masked patches, or a text data set.', { about: 'model' })
}

function widthOf({ model, values, input }: Learner): number {
  return model.tensors(values, input).find(({ name }) => name === 'embed/tokens')?.shape[1] ?? 0
}
