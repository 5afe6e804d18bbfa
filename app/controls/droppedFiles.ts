/**
 * All files of a drop, those in its folders too, each named by its path (`pets/cat/1.png`), in the order of paths. Call
 * it while the event is handled: the browser empties the list after that. A file that cannot be read becomes an empty
 * one, which a run leaves out and names.
 */
export async function droppedFiles(items: Iterable<DataTransferItem>): Promise<File[]> {
  const entries = [...items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile())
  const files = entries.map(async (entry) =>
    entry === null ? [] : entry instanceof File ? [entry] : await filesOf(entry),
  )
  return inOrder((await Promise.all(files)).flat())
}

/** The files of a picker, named by their paths where a folder was picked, in the order of paths. */
export function pickedFiles(files: FileList | null): File[] {
  return inOrder([...(files ?? [])].map((file) => underPath(file, file.webkitRelativePath || file.name)))
}

/** Files with more files; of two of the same path the later one stays. */
export function withFiles(files: readonly File[], added: readonly File[]): File[] {
  const names = new Set(added.map(({ name }) => name))
  return [...files.filter(({ name }) => !names.has(name)), ...added]
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  const path = entry.fullPath.replace(/^\//, '')
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => {
      entry.file(resolve, reject)
    }).catch(() => new File([], path))
    return [underPath(file, path)]
  }
  if (!isFolder(entry)) return []
  const inside = await entriesOf(entry.createReader()).catch(() => null)
  if (inside === null) return [new File([], `${path}/unreadable`)]
  return (await Promise.all(inside.map(filesOf))).flat()
}

/** Everything in a folder: each call gives some, Chromium 100, and none at the end. */
async function entriesOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[][] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject)
    })
    if (some.length === 0) return all.flat()
    all.push(some)
  }
}

/** The same file with its path as its name, by which the worker knows it: paths of pickers do not cross over. */
function underPath(file: File, path: string): File {
  return file.name === path ? file : new File([file], path, { type: file.type, lastModified: file.lastModified })
}

/** As in Node, so that the same folder gives the same examples. */
function inOrder(files: readonly File[]): File[] {
  return files.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}
