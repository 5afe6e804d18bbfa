/** Which of the user's files are a trained model's, by their names: it is where a run starts, not what it reads. */

const weights = /\.safetensors$/i
const beside = new RegExp(
  [
    String.raw`\.safetensors(\.index\.json)?$`,
    String.raw`(^|/)(config|tokenizer|\w+_config|special_tokens_map|added_tokens|vocab)\.json$`,
    String.raw`(^|/)(pytorch_model|training_args|optimizer)(-\d+-of-\d+)?\.bin(\.index\.json)?$`,
    String.raw`(^|/)(load\.py|merges\.txt)$`,
  ].join('|'),
  'i',
)

/** Whether a file holds weights that a run can start from. */
export function holdsWeights(path: string): boolean {
  return weights.test(path)
}

/** Whether a file is one of those that make a trained model: its weights, what describes them, or its tokenizer's. */
export function isOfTrained(path: string): boolean {
  return beside.test(path)
}

/**
 * Whether there is a trained model among files, and whether there is anything else that may hold examples.
 * @param added paths @param before paths of files that are there already
 */
export function kindsOf(added: readonly string[], before: readonly string[] = []): { model: boolean; data: boolean } {
  const model = added.some(isOfTrained)
  const places = [...before, ...added].filter(holdsWeights).map(folderOf)
  const isModels = (path: string) =>
    isOfTrained(path) || places.some((place) => (place === '' ? besideData.test(path) : path.startsWith(place)))
  return { model, data: added.some((path) => !isModels(path)) }
}

/** What may lie beside weights that lie in no folder, and holds no examples. */
const besideData = /^(vocab\.txt|[^/]*\.(md|py)|license|\.[^/]*)$/i

/** `a/b/` of `a/b/c`; empty for a file in no folder. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
