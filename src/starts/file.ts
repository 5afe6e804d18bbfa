import { start } from '../core/start'
import { meter } from '../data/meter'
import { pixelsKnob } from './pixels'

/** A trained model in the user's files: of Hugging Face's, or one that this playground saved. */
export const file = start({
  label: 'Your files',
  about:
    "The weights in your files: a BERT's or ViT's config.json, model.safetensors and vocab.txt, or a "
    + 'weights.safetensors that was saved here.',
  cite: 'Your files',
  task: 'any',
  ownFiles: true,
  knobs: { pixels: pixelsKnob() },
  async open({ pixels }, options) {
    const [{ filesFolder }, { startFrom }, { startFromOwn }] = await Promise.all([
      import('../hub/filesFolder'),
      import('../hub/startFrom'),
      import('../hub/startFromOwn'),
    ])
    const counter = meter(options)
    const folder = filesFolder(options.host.files)
    return (await folder('config.json')) ? startFrom(folder, 'your files', counter, pixels) : startFromOwn(folder)
  },
})
