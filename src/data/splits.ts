/** What the path of a file says about its examples: their split, or why they have no class. */
export type Side = 'train' | 'held' | 'unlabelled' | 'unsupervised'

/** A file with examples; where it is a single example, a picture or a text, its folder is its class. */
export interface Placed {
  readonly name: string
  readonly byFolder: boolean
}

const heldWords = new Set(
  (
    'test tests testing testset dev devel development val valid validation validating eval evaluation heldout '
    + 'holdout'
  ).split(' '),
)
const trainWords = new Set(['train', 'training', 'trainset'])
/** Words that may be added to these in the name of a folder without classes: `test_images`, `val set`. */
const fillers = new Set(['set', 'image', 'images', 'img', 'imgs', 'pictures', 'data', 'split', ''])

/** Folders of unlabelled examples, as in aclImdb and STL-10. */
const unsupervised = /^(unsup(ervised)?|unlabell?ed)([_ -]?(images|texts|data))?$/i

/**
 * Tells training from held-out examples by their paths: `SST-2/dev.tsv`, `test_batch.bin`, `validation/cat/1.png`. The
 * innermost name that means a split decides; a folder that all files share does not count. A class may be called
 * `test`; a folder of that name beside folders of classes holds examples without one, as `unsup` does beside at least
 * two classes.
 */
export function sidesOf(files: readonly Placed[]): Side[] {
  const shared = sharedFolders(files.map(above))
  const telling = files.map((file) => above(file).slice(shared))
  const hasClass = withClass(files, telling)
  const classes = new Set(files.filter(({ name, byFolder }, i) => byFolder && hasClass(name, i)).map(classOf))
  const isUnsupervised = [...classes].filter((name) => !unsupervised.test(name)).length > 1
  return files.map((file, i) => {
    if (!hasClass(file.name, i)) return 'unlabelled'
    if (isUnsupervised && file.byFolder && unsupervised.test(classOf(file))) return 'unsupervised'
    const names = file.byFolder ? (telling[i] ?? []) : [...(telling[i] ?? []), lastOf(file.name)]
    return names.map(splitOf).findLast((side) => side !== null) ?? 'train'
  })
}

/** The split that the name of a file or folder means; null where it means none. */
export function splitOf(name: string): 'train' | 'held' | null {
  const words = wordsOf(name)
  const pairs = words.map((word, i) => word + (words[i + 1] ?? ''))
  if ([...words, ...pairs].some((word) => heldWords.has(word))) return 'held'
  return words.some((word) => trainWords.has(word)) ? 'train' : null
}

/** How many of the first folders all paths have in common. */
export function sharedFolders(paths: readonly (readonly string[])[]): number {
  const [first = [], ...others] = paths
  const end = first.findIndex((folder, i) => others.some((path) => path[i] !== folder))
  return end < 0 ? first.length : end
}

/** The folders of a path; for a single example, those above its class. */
function above({ name, byFolder }: Placed): string[] {
  return name.split('/').slice(0, byFolder ? -2 : -1)
}

/**
 * Examples have no class in a folder that also holds folders of examples. Nor have they in a folder that is named as a
 * split and lies beside such a folder or beside at least two classes: `test` and `control` alone are both classes.
 */
function withClass(
  files: readonly Placed[],
  telling: readonly (readonly string[])[],
): (name: string, i: number) => boolean {
  const folders = new Set(files.flatMap(({ name, byFolder }) => (byFolder ? [folderOf(name)] : [])))
  const parents = new Set([...folders].flatMap(ancestors))
  const inSplit = telling.map((names) => names.some((name) => splitOf(name) !== null))
  const isSplit = (name: string, i: number) => !inSplit[i] && isSplitName(lastOf(folderOf(name)))
  const classes = new Set(
    files.flatMap(({ name, byFolder }, i) =>
      byFolder && !isSplit(name, i) && !parents.has(folderOf(name)) ? [lastOf(folderOf(name))] : [],
    ),
  )
  const splitsHaveNone = classes.size !== 1 || inSplit.some((inside, i) => inside && files[i]?.byFolder === true)
  return (name, i) =>
    files[i]?.byFolder !== true || !(parents.has(folderOf(name)) || (splitsHaveNone && isSplit(name, i)))
}

/** Whether a folder's name means a split and nothing else. */
function isSplitName(name: string): boolean {
  return (
    splitOf(name) !== null
    && wordsOf(name).every(
      (word) => fillers.has(word) || splitOf(word) !== null || ['held', 'hold', 'out'].includes(word),
    )
  )
}

/** `TestSet_2` gives test, set. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
}

function classOf({ name }: Placed): string {
  return lastOf(folderOf(name))
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** All folders around a folder. */
function ancestors(folder: string): string[] {
  const parts = folder.split('/')
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'))
}
