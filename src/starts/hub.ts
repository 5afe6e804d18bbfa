import { word } from '../core/knob'
import { start } from '../core/start'
import { meter } from '../data/meter'
import { pixelsKnob } from './pixels'

/** A trained model of Hugging Face: a BERT or a ViT. */
export const hub = start({
  label: 'Hugging Face',
  about:
    'The weights of a trained model of Hugging Face, its first blocks where the model here has fewer. The head is new.',
  cite: 'Wolf et al., arXiv:1910.03771',
  task: 'any',
  knobs: {
    repository: word('Repository', 'sentence-transformers/all-MiniLM-L6-v2', {
      pattern: /[\w][\w.-]{0,95}\/[\w][\w.-]{0,95}/,
      allowed: 'a name such as owner/model',
      help: 'A BERT (uncased) or a ViT that holds model.safetensors. The knobs of the model must be its sizes.',
    }),
    revision: word('Revision of the model', 'main', {
      pattern: /[\w][\w.-]{0,63}/,
      allowed: 'a branch, a tag or a commit',
      help: 'State of the repository. A commit makes sure that a link gives the same weights for good.',
    }),
    pixels: pixelsKnob(),
  },
  async open({ repository, revision, pixels }, options) {
    const [{ hubFolder }, { startFrom }] = await Promise.all([import('../hub/hubFolder'), import('../hub/startFrom')])
    const counter = meter(options)
    const { folder, commit } = await hubFolder(repository, revision, options, counter)
    return startFrom(folder, `${repository} at ${commit.slice(0, 7)}`, counter, pixels)
  },
})
