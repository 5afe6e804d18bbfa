import type { Tensor } from '@tensorflow/tfjs'
import { percent } from '../core/figures'
import { share, type Values } from '../core/knob'
import type { Nn, Trunk } from '../core/model'
import type { Learner, Objective } from '../core/objective'
import { Problem } from '../core/problem'
import { start } from '../core/start'
import { paceOf, pretrainingKnobs } from './pretraining'
import { parameter, trunkOf } from './trunk'

/** SimMIM: some patches are hidden, and the model draws their pixels. */
export const maskedPatches = start({
  label: 'Masked patches',
  about: 'Weights that learnt to draw hidden patches of images, without a label.',
  cite: 'SimMIM: Xie et al., arXiv:2111.09886',
  task: 'image',
  knobs: {
    share: share('Hidden patches', 0.6, [0.05, 0.95], { help: 'Share of the patches that the model has to draw.' }),
    ...pretrainingKnobs,
  },
  pretraining: (values) => ({
    ...paceOf(values),
    text: `draws ${percent(values.share, 0)} of the patches`,
    objective: patchObjective(values.share),
  }),
})

/**
 * A learnt vector stands in the place of each hidden patch, and a linear layer draws its pixels, which are normalised
 * as the model reads them. The loss is the mean distance of a hidden pixel. What it has to know is which patches are
 * hidden, 1 or 0 a patch.
 */
export function patchObjective(hidden: number): Objective {
  const most = (patches: number) => Math.max(1, Math.round(hidden * patches))
  return {
    tensors(learner) {
      const { width, pixels } = sizesOf(learner)
      const init = { kind: 'normal', deviation: 0.02 } as const
      const zero = { kind: 'constant', value: 0 } as const
      return [
        { name: 'hidden/token', shape: [1, width], init, prunable: false, decay: false },
        { name: 'drawn/weights', shape: [width, pixels], init, prunable: false, decay: true },
        { name: 'drawn/bias', shape: [pixels], init: zero, prunable: false, decay: false },
      ]
    },
    words: (learner) => sizesOf(learner).patches,
    hide({ labels }, learner, random) {
      const { patches } = sizesOf(learner)
      const count = most(patches)
      for (let first = 0; first < labels.length; first += patches)
        for (const [rank, patch] of random.permutation(patches).entries()) labels[first + patch] = rank < count ? 1 : 0
    },
    loss({ nn, params, input, hidden: told }, learner) {
      const trunk = trunkOf(learner)
      const { values, input: spec } = learner
      const { patches, pixels, width } = sizesOf(learner)
      const embedded = trunk.embed(nn, params, input, values)
      const [batch = 1] = embedded.shape
      const isHidden = told.toFloat().reshape([batch * patches, 1])
      const seen = embedded.reshape([batch * patches, width]).mul(isHidden.neg().add(1))
      const shown = seen.add(isHidden.mul(parameter(params, 'hidden/token')))
      const encoded = trunk.encode(nn, params, shown.reshape(embedded.shape), input, values, spec)
      // A class token stands before the patches.
      const tokens = encoded.shape[1] ?? patches
      const ofPatches = encoded.slice([0, tokens - patches, 0], [batch, patches, width])
      const drawn = nn.linear(ofPatches, parameter(params, 'drawn/weights'), parameter(params, 'drawn/bias'))
      const wanted = patchesOf(trunk, nn, input, values)
      const apart = drawn
        .sub(wanted)
        .abs()
        .reshape([batch * patches, pixels])
      return apart
        .mul(isHidden)
        .sum()
        .mul(1 / (batch * most(patches) * pixels))
    },
  }
}

/** What the model reads of the images. */
function patchesOf(trunk: Trunk, nn: Nn, images: Tensor, values: Values): Tensor {
  if (trunk.patches) return trunk.patches(nn, images, values)
  throw noPatches()
}

/** Patches of an image, numbers of a patch, and the width of a token. */
function sizesOf({ model, values, input }: Learner) {
  if (input.task !== 'image') throw noPatches()
  const specs = model.tensors(values, input)
  const shapeOf = (name: string) => specs.find((spec) => spec.name === name)?.shape ?? []
  const [pixels = 1, width = 1] = shapeOf('embed/weights')
  const [tokens = 1] = shapeOf('positions')
  // A class token has a position of its own.
  return { patches: tokens - (shapeOf('token')[0] ?? 0), pixels, width }
}

function noPatches(): Problem {
  return new Problem('Texts have no patches to hide.', 'Choose masked tokens, or an image data set.', {
    about: 'model',
  })
}
