/** A word of the page, and what it means. */
export interface Entry {
  /** As the page writes it. */
  readonly name: string
  /** One line. */
  readonly line: string
  /** TeX, where it is a number. */
  readonly formula?: string
}

/** Every word that the page explains, by its id, in the order in which a reader meets them. */
export const glossary = {
  weight: {
    name: 'Weight',
    line: 'A number of the model that training changes. One pixel of the map is one weight.',
  },
  mask: {
    name: 'Mask',
    line: 'A 1 or a 0 for every weight. The model computes with weight times mask, so a 0 takes the weight away.',
    formula: 'y = (m \\odot w)\\,x,\\quad m_i \\in \\{0, 1\\}',
  },
  kept: { name: 'Kept', line: 'The mask of the weight is 1: the model computes with it.' },
  cut: { name: 'Cut', line: 'The mask of the weight is 0: the model computes as if it were not there.' },
  sparsity: {
    name: 'Sparsity',
    line: 'The share of the prunable weights that are cut.',
    formula: 's = 1 - \\tfrac{1}{n} \\sum_i m_i',
  },
  sentinel: {
    name: 'Sentinel',
    line: 'Matters steadily: among the most important by the mean over all batches.',
  },
  temporary: {
    name: 'Temporary sentinel',
    line: 'Mattered once: among the most important by its best batch, but not by the mean.',
  },
  ordinary: { name: 'Ordinary', line: 'Neither a sentinel nor a temporary one.' },
  value: { name: 'Value', line: 'What the model multiplies by.', formula: 'w_i' },
  gradient: {
    name: 'Gradient',
    line: 'How the loss of the latest batch rises with the weight.',
    formula: 'g_i = \\partial L / \\partial w_i',
  },
  sensitivity: {
    name: 'Sensitivity',
    line: 'About how much the loss of one batch would change if the weight were cut.',
    formula: '|w_i g_i| \\,/\\, \\lVert g \\rVert',
  },
  noise: {
    name: 'Noise',
    line: 'How unsteady the size of the gradient is from batch to batch: its spread over its mean.',
    formula: '\\sqrt{\\mathrm{Var}\\,|g_i|} \\,/\\, \\mathrm{E}\\,|g_i|',
  },
  importance: {
    name: 'Importance',
    line: 'The mean sensitivity over all batches, noise discounted. By it sentinels are told.',
    formula: '\\mathrm{E}\\,|w_i g_i| \\,/\\, \\sqrt{1 + \\mathrm{noise}_i^2}',
  },
  age: {
    name: 'Age',
    line: 'Steps since the weight was cut or came back last. One that was kept all along has none.',
  },
  peak: {
    name: 'Peak',
    line: 'The sensitivity in the best batch. By it temporary sentinels are told.',
    formula: '\\max_t |w_i g_i(t)| \\,/\\, \\lVert g(t) \\rVert',
  },
  score: { name: 'Score', line: 'The number by which the method ranked the weight when the mask last changed.' },
  scope: {
    name: 'Scope',
    line: 'Which weights compete: those of all layers in one ranking, or those of each layer for itself.',
  },
  schedule: {
    name: 'Schedule',
    line: 'Whether all is cut at once, or little by little. Then sparsity rises on a cubic ramp.',
    formula: 's(t) = s\\,\\bigl(1 - (1 - t)^3\\bigr)',
  },
  scoringBatches: {
    name: 'Scoring batches',
    line: 'Batches whose gradients are gathered before training, to rank the weights by.',
  },
  calibrationBatches: {
    name: 'Calibration batches',
    line: 'Batches that measure what goes into each layer, before a trained model is cut.',
  },
  rounds: { name: 'Rounds', line: 'How often weights are cut; between two cuts some methods train again.' },
  loss: {
    name: 'Loss',
    line: 'What training makes small: how surprised the model is by the right answers.',
    formula: 'L = -\\ln p(\\text{right class})',
  },
  accuracy: { name: 'Accuracy', line: 'The share of held-out examples that the model answers rightly.' },
  heldOut: { name: 'Held-out', line: 'Examples that the model never trains on. They tell what it has learnt.' },
  batch: { name: 'Batch', line: 'The examples of one training step. Each batch gives another gradient.' },
  learningRate: { name: 'Learning rate', line: 'How far a step moves the weights.' },
  warmUp: { name: 'Warm-up', line: 'Steps at the beginning in which the learning rate rises from 0.' },
  weightDecay: { name: 'Weight decay', line: 'Pulls every weight a little towards 0 at every step.' },
  labelSmoothing: { name: 'Label smoothing', line: 'Asks the model to be a little less sure than the labels are.' },
  dropout: { name: 'Dropout', line: 'Sets some activations to 0 by chance while training, so that none is relied on.' },
  seed: { name: 'Seed', line: 'A number that fixes the first weights and the order of the examples.' },
  layer: { name: 'Layer', line: 'A matrix of weights. On the map it is a rectangle.' },
  heads: {
    name: 'Heads',
    line: 'Parts of attention that look at the tokens side by side. All their weights cut, one is dead.',
  },
  neurons: {
    name: 'Neurons',
    line: 'The hidden units of an MLP. A neuron whose outgoing weights are all cut is dead.',
  },
  patch: { name: 'Patch', line: 'A square of an image. A ViT reads an image as a row of patches.' },
  multiplyAdds: {
    name: 'Multiply-adds',
    line: 'Products that a forward pass adds up. Their number falls with sparsity, time need not.',
  },
  latency: { name: 'Latency', line: 'How long a forward pass takes on this device.' },
  int8: { name: 'int8', line: 'Weights stored as whole numbers of 8 bits, with a scale for each output.' },
} as const satisfies Readonly<Record<string, Entry>>

export type TermId = keyof typeof glossary
