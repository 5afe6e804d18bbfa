import { choice } from '../core/knob'

/** A knob of starts from a trained ViT: whose mean and deviation make numbers of its pixels. */
export function pixelsKnob() {
  return choice(
    'Pixels',
    'data',
    { data: 'As the data set has them', model: 'As the model learnt them' },
    {
      help:
        'By whose mean and deviation the pixels of images are normalised: those of the training images, or those in '
        + "the model's own files. A BERT reads none.",
    },
  )
}
